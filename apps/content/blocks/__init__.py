"""Which blocks may a lesson hold? Each is a function from a block to HTML, in a file of its own."""

from apps.content.blocks import claim, details, diagram, lab, predict, quiz, sequence, tabs

BLOCKS = {
    "lab": lab.render,
    "predict": predict.render,
    "claim": claim.render,
    "quiz": quiz.render,
    "tabs": tabs.render,
    "diagram": diagram.render,
    "sequence": sequence.render,
    "details": details.render,
}
