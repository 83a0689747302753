from apps.designs.metrics import text_width


def test_wider_letters_make_wider_texts():
    assert text_width("WWW", 14) > text_width("iii", 14) * 3


def test_a_letter_that_is_not_in_the_table_is_taken_for_a_wide_one():
    assert text_width("缓", 10) >= 10
