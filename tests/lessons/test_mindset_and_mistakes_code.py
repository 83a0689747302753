"""Does the reviewer of transcripts in the lesson on mindset count choices and reasons?"""

from tests.lessons.tabs import module_of_tab

review = module_of_tab("interview/02-mindset-and-mistakes", "Python").review


def test_a_product_without_a_reason_is_a_choice_only():
    assert review("I use Kafka. It scales.") == {"choices": 1, "with a reason": 0, "with a number": 0}


def test_a_choice_with_an_alternative_and_a_number_counts_for_all_three():
    said = "How many are there? I take a table rather than a broker, because 40 jobs a second are few."
    assert review(said) == {"choices": 1, "with a reason": 1, "with a number": 1}


def test_silence_holds_no_choice():
    assert review("") == {"choices": 0, "with a reason": 0, "with a number": 0}
