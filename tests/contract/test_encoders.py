"""Every encoder that tadarag ships keeps the encoder's contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tadarag.models.encoder import Encoder
from tadarag.models.onnx_encoder import load_shipped
from tadarag.models.openai_encoder import OpenAIEncoder
from tadarag.testing.encoder_contract import EncoderContract
from tadarag.testing.hashing_encoder import HashingEncoder


class TestShippedEncoder(EncoderContract):
    def make_encoder(self) -> Encoder:
        return load_shipped()


class TestHashingEncoder(EncoderContract):
    def make_encoder(self) -> Encoder:
        return HashingEncoder()


class EmbeddingsEndpoint(BaseHTTPRequestHandler):
    """POST /v1/embeddings as OpenAI documents it, answered by the hashing encoder."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        vectors = [HashingEncoder().read(text).vector.tolist() for text in request["input"]]
        data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        body = json.dumps({"object": "list", "data": data, "model": request["model"], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the name is http.server's)
        return


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), EmbeddingsEndpoint)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


class TestOpenAIEncoder(EncoderContract):
    sentences_are_texts = True

    @pytest.fixture(autouse=True)
    def _use_endpoint(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def make_encoder(self) -> Encoder:
        return OpenAIEncoder("hashing", base_url=self.endpoint, api_key="none")


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model for sentence-transformers, of two layers with fixed random weights, made here: nothing is downloaded."""
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers is not installed")
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = sorted(set(re.findall(r"[a-z]+", "the bridge at aldmoor was opened in when how do i grow tomatoes on a balcony")))
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.,!?…这座桥由林海设计短文本。"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters), *words]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(vocabulary)), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder / "bert")
    torch.manual_seed(0)
    config = BertConfig(vocab_size=200, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(folder / "bert")
    return folder / "bert"  # sentence-transformers puts mean pooling on a plain BERT


class TestSentenceTransformersEncoder(EncoderContract):
    sentences_are_texts = True

    @pytest.fixture(autouse=True)
    def _use_model(self, tiny_model: Path) -> None:
        self.model = tiny_model

    def make_encoder(self) -> Encoder:
        from tadarag.models.sentence_transformers_encoder import SentenceTransformersEncoder

        return SentenceTransformersEncoder(str(self.model))
