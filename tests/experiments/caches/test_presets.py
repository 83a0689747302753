import pytest

from apps.experiments.caches.settings import Settings
from apps.experiments.catalog.caching import experiment

PRESETS = experiment.presets
KEPT = {"small-cache", "no-cache", "flush-at-peak", "even-popularity", "short-ttl", "lru-or-random"}
A_SWEEP_S = 90


def test_the_presets_that_lessons_name_are_there():
    assert set(PRESETS) >= KEPT


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_run(name):
    preset = PRESETS[name]
    params = experiment.clean(preset.params)
    assert preset.predict.figure in experiment.figures
    assert all(experiment.params[param].matters(params) for param in preset.params)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_one_right_cause_among_three_or_four(name):
    causes = PRESETS[name].causes
    assert 3 <= len(causes) <= 4
    assert sum(cause.right for cause in causes) == 1
    assert all(len(cause.reply) > 40 for cause in causes)


def test_a_sweep_takes_a_minute_and_a_half_at_most():
    swept = [preset for preset in PRESETS.values() if preset.sweep]
    assert swept
    for preset in swept:
        settings = Settings.of(experiment.clean(preset.params))
        assert 5 <= len(preset.sweep.values) <= 7
        assert len(preset.sweep.values) * settings.duration_s <= A_SWEEP_S
        for value in preset.sweep.values:
            experiment.clean({**preset.params, preset.sweep.param: value})
