"""Is a lesson cut into its sections, and only into what a reader reads?"""

from apps.content.sections import sections_of

HTML = """
<p>Above <em>all</em>.</p>
<h2 id="one">One <code>thing</code> <a class="headerlink" href="#one" aria-label="Link">#</a></h2>
<p>A<strong>b</strong>c</p><p>Second: <math><mi>r</mi><mo>+</mo><mn>1</mn></math>.</p>
<table><tr><th>Left</th><th>Right</th></tr></table>
<svg viewBox="0 0 1 1"><g><text>drawn</text></g></svg><pre><span>FOR</span> <span>UPDATE</span></pre>
<form><button>press</button><input></form><section class="lab wide"><section>inner</section>lab</section>
<h3 id="two">Two &amp; a half</h3>
<section class="quiz" id="questions"><p>secret</p></section><p>End &lt;here&gt;.</p>"""


def test_a_lesson_is_read_section_by_section_without_what_is_no_text():
    sections = [(section.id, section.title, section.text) for section in sections_of(HTML)]
    assert sections == [
        ("", "", "Above all."),
        ("one", "One thing", "Abc Second: r+1. Left · Right · FOR UPDATE"),
        ("two", "Two & a half", "End <here>."),
    ]
