"""Reading a prompt once gives what reading everything gives, in values and in gradients; answers are paired by their own index."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("transformers", reason="the extra `train` is not installed")

from tadarag.training.causal.answer_places import at_answers, follow, token_log_probabilities  # noqa: E402
from tadarag.training.causal.markers import add_markers  # noqa: E402
from tadarag.training.causal.prefix import pad_left, read_on, read_prefix  # noqa: E402
from tadarag.training.causal.sampling import Drawing, DrawnGraph, draw_graphs, policy_log_probabilities  # noqa: E402


def prompts(tiny):
    """Prompts of different lengths: the second lacks its first four tokens."""
    rows = [list(one.prompt) for one in tiny.items]
    return [rows[0], rows[1][4:], *rows[2:]]


def drawn(tiny, prefix, *, seed=1, temperature=1.0, most=25):
    generator = torch.Generator().manual_seed(seed)
    drawing = Drawing(temperature=temperature, max_tokens=most)
    return draw_graphs(tiny.model, prefix, tiny.markers, drawing, eos=tiny.tokenizer.eos_token_id, generator=generator)


def test_runs_with_and_without_a_graph_align_on_answer_tokens(tiny):
    rows, pad = prompts(tiny), tiny.tokenizer.pad_token_id
    prefix = read_prefix(tiny.model, pad_left(rows, pad))
    graphs = [DrawnGraph((*one.graph.ids[: 3 + 5 * place], tiny.markers.stop), True) for place, one in enumerate(tiny.items)]
    answers = [one.answer for one in tiny.items]
    for chosen in (None, graphs):
        followed = follow(chosen, answers, tiny.markers, pad, "cpu")
        read = at_answers(followed, read_on(tiny.model, prefix, followed.tokens))
        for place, (row, answer) in enumerate(zip(rows, answers, strict=True)):
            before = [tiny.markers.start, *graphs[place].ids] if chosen else []
            whole = tiny.model(torch.tensor([[*row, *before, *answer]])).logits[0, -len(answer) - 1 : -1]
            assert torch.allclose(read.logits[place, : len(answer)], whole, atol=1e-5)


@pytest.mark.parametrize("family", ["Llama", "GPT2", "Qwen2"])
def test_other_families_of_models_align_too(tiny, family):
    import transformers

    config = getattr(transformers, f"{family}Config")(vocab_size=len(tiny.tokenizer), pad_token_id=0, eos_token_id=2)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2}
    sizes = {"n_embd": 32, "n_layer": 2, "n_head": 2} if family == "GPT2" else sizes
    config.update(sizes)
    name = {"GPT2": "GPT2LMHeadModel"}.get(family, f"{family}ForCausalLM")
    model = getattr(transformers, name)(config).eval()
    rows, answers = prompts(tiny), [one.answer for one in tiny.items]
    prefix = read_prefix(model, pad_left(rows, 0))
    followed = follow([one.graph for one in tiny.items], answers, tiny.markers, 0, "cpu")
    read = at_answers(followed, read_on(model, prefix, followed.tokens))
    for place, (row, one) in enumerate(zip(rows, tiny.items, strict=True)):
        whole = model(torch.tensor([[*row, tiny.markers.start, *one.graph.ids, *one.answer]])).logits[0, -len(one.answer) - 1 : -1]
        assert torch.allclose(read.logits[place, : len(one.answer)], whole, atol=1e-5)


def test_gradients_through_the_cache_are_those_of_the_whole_sequence(tiny):
    row, answer = list(tiny.items[0].prompt), list(tiny.items[0].answer)
    followed = follow(None, [answer, answer], tiny.markers, tiny.tokenizer.pad_token_id, "cpu")
    prefix = read_prefix(tiny.model, pad_left([row], tiny.tokenizer.pad_token_id)).repeated(2)
    at_answers(followed, read_on(tiny.model, prefix, followed.tokens)).logits.square().mean().backward()
    shared = {name: one.grad.clone() for name, one in tiny.model.named_parameters()}
    tiny.model.zero_grad()
    tiny.model(torch.tensor([[*row, *answer]])).logits[0, -len(answer) - 1 : -1].square().mean().backward()
    for name, one in tiny.model.named_parameters():
        assert torch.allclose(shared[name], one.grad, atol=1e-4), name


def test_the_opening_marker_is_never_drawn_and_equal_seeds_draw_equal_graphs(tiny):
    prefix = read_prefix(tiny.model, pad_left(prompts(tiny), tiny.tokenizer.pad_token_id)).detached().repeated(4)
    graphs = drawn(tiny, prefix)
    assert len(graphs) == 4 * len(tiny.items)
    assert all(tiny.markers.start not in graph.ids for graph in graphs)
    assert drawn(tiny, prefix) == graphs
    assert drawn(tiny, prefix, seed=2) != graphs


def test_a_graph_ends_at_the_closing_marker_or_counts_as_open(tiny):
    prefix = read_prefix(tiny.model, pad_left(prompts(tiny), tiny.tokenizer.pad_token_id)).detached().repeated(8)
    graphs = drawn(tiny, prefix)
    stop, eos = tiny.markers.stop, tiny.tokenizer.eos_token_id
    assert {graph.is_closed for graph in graphs} == {True, False}
    for graph in graphs:
        assert graph.is_closed == (graph.ids[-1] == stop)
        assert stop not in graph.ids[:-1]
        assert eos not in graph.ids[:-1]


def test_drawing_reads_what_the_teacher_forced_run_reads(tiny):
    prefix = read_prefix(tiny.model, pad_left(prompts(tiny), tiny.tokenizer.pad_token_id)).detached()
    [greedy, *_] = drawn(tiny, prefix, temperature=0)
    followed = follow([greedy], [tiny.items[0].answer], tiny.markers, tiny.tokenizer.pad_token_id, "cpu")
    first = read_prefix(tiny.model, pad_left([prompts(tiny)[0]], tiny.tokenizer.pad_token_id))
    n = len(greedy.ids)
    forced = policy_log_probabilities(read_on(tiny.model, first, followed.tokens).logits[:, 1 : 1 + n], tiny.markers, 1.0)
    assert forced.argmax(-1)[0].tolist() == list(greedy.ids)
    given = token_log_probabilities(forced, followed.tokens.ids[:, 1 : 1 + n])
    assert torch.equal(given, forced.amax(-1))


def test_markers_are_single_tokens_and_reload_with_the_same_ids(tiny, tmp_path):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tiny.model.save_pretrained(tmp_path)
    tiny.tokenizer.save_pretrained(tmp_path)
    model, tokenizer = AutoModelForCausalLM.from_pretrained(tmp_path), AutoTokenizer.from_pretrained(tmp_path)
    assert add_markers(model, tokenizer) == tiny.markers
    assert model.get_input_embeddings().weight.shape == tiny.model.get_input_embeddings().weight.shape
    ids = tokenizer("<|startextraction|><|endextraction|>", add_special_tokens=False)["input_ids"]
    assert ids == [tiny.markers.start, tiny.markers.stop]
