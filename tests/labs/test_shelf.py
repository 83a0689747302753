from apps.experiments.registry import experiments
from apps.labs.shelf import TOPICS, shelves


def test_every_lab_stands_once_under_its_topic():
    stood = shelves(experiments())
    assert sorted(slug for shelf in stood for slug in shelf.labs) == sorted(experiments())
    assert all(lab.topic == shelf.topic for shelf in stood for lab in shelf.labs.values())


def test_topics_stand_in_their_order():
    topics = [shelf.topic for shelf in shelves(experiments())]
    assert topics == [topic for topic in TOPICS if topic in topics], "and there is no topic that has no place"
