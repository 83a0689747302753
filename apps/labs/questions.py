"""What may be bet on before a run or a study? What its question asks, or the first goal of the challenge it tries."""

from apps.experiments.base import Experiment, Prediction
from apps.experiments.challenge import Challenge

ANY = (0.0, 1e12)  # within which a figure is bet on that no question of the lab asks for; a share within 0 to 1


def prediction_of(experiment: Experiment, preset: str, challenge: str) -> Prediction:
    """Return what is asked by the challenge of that name, else by the preset, else by the lab's first question."""
    if challenge in experiment.challenges:
        return bet_on(experiment, experiment.challenges[challenge])
    presets = experiment.presets
    return (presets.get(preset) or next(iter(presets.values()))).predict


def bet_on(experiment: Experiment, challenge: Challenge) -> Prediction:
    """Return what may be bet on before a try: the figure of the first goal, in the range of a question that asks it."""
    figure = challenge.goals[0].figure
    asked = [preset.predict for preset in experiment.presets.values() if preset.predict.figure == figure]
    declared = experiment.figures[figure]
    low, high = (0.0, 1.0) if declared.unit == "%" else ANY
    low, high = min([each.low for each in asked], default=low), max([each.high for each in asked], default=high)
    return Prediction(figure, declared.label, low, high)
