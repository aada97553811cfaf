"""Fusions of words with what their posts show in PyTorch: results, a loss over all of them, every gradient.

    pip install torch && python fusion_parity.py > fusion_parity.json

Four posts: with a picture, with an alternative text, with both, with neither. Parameters are named as the package's layout
has them; matrices that the layout stacks are one here, under the name of the first.
"""
import json
import torch
import torch.nn.functional as F
from torch import nn

TEXT, PICTURE, WIDTH, HEADS, SPACE, TAGS = 8, 5, 6, 2, 3, 9
WORDS, TOKENS, ALT = [2, 1, 3, 1], [3, 0, 2, 0], [0, 2, 1, 0]
EPSILON = 1e-6
torch.manual_seed(7)


def split(rows, lengths):
    return list(torch.split(rows, lengths))


def attend(queries, keys, values):
    """Multi-head attention of a few rows to a few others; over nothing it is zero."""
    if 0 in (len(keys), len(queries)):
        return torch.zeros_like(queries)

    def by_head(x):
        return x.view(len(x), HEADS, -1).transpose(0, 1)
    mixed = F.scaled_dot_product_attention(by_head(queries), by_head(keys), by_head(values))
    return mixed.transpose(0, 1).reshape(len(queries), -1)


def attend_each(queries, packed):
    return torch.cat([attend(q, *kv.chunk(2, dim=1)) for q, kv in zip(queries, packed)])


class Fusion(nn.Module):
    def __init__(self):
        super().__init__()
        self.fusion = nn.Module()
        self.fusion.picture = nn.Linear(PICTURE, WIDTH)
        self.fusion.alt = nn.Linear(TEXT, WIDTH)
        self.tagger = nn.Module()
        self.tagger.emissions = nn.Linear(TEXT, TAGS)
        self.words, self.tokens, self.alt = torch.randn(7, TEXT), torch.randn(5, PICTURE), torch.randn(3, TEXT)

    def shown(self):
        tokens, alt = split(self.fusion.picture(self.tokens), TOKENS), split(self.fusion.alt(self.alt), ALT)
        return [torch.cat(pair) for pair in zip(tokens, alt)]

    def scores(self, fused):
        return self.tagger.emissions(fused)


def gated_sum(fusion):
    fusion.query = nn.Linear(TEXT, WIDTH)
    fusion.evidence_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
    fusion.key = nn.Linear(WIDTH, 2 * WIDTH)
    fusion.gate = nn.Linear(TEXT + WIDTH, TEXT)
    fusion.added = nn.Linear(WIDTH, TEXT, bias=False)


def add_gated(fusion, words, shown, strength=None):
    packed = split(fusion.key(fusion.evidence_norm(torch.cat(shown))), [len(rows) for rows in shown])
    found = attend_each(split(fusion.query(words), WORDS), packed)
    if strength is not None:
        found = found * strength
    gate = torch.sigmoid(fusion.gate(torch.cat([words, found], 1)))
    return words + gate * fusion.added(found), gate


class GatedFusion(Fusion):
    def __init__(self):
        super().__init__()
        gated_sum(self.fusion)

    def forward(self):
        fused, gate = add_gated(self.fusion, self.words, self.shown())
        return {"fused": fused, "scores": self.scores(fused), "gate": gate}


class ITA(Fusion):
    def __init__(self):
        super().__init__()
        gated_sum(self.fusion)
        self.alignment = nn.Module()
        self.alignment.text = nn.Linear(TEXT, SPACE, bias=False)
        self.alignment.shown = nn.Linear(WIDTH, SPACE, bias=False)
        self.alignment.match = nn.Linear(3 * SPACE, 1)

    def forward(self):
        shown = self.shown()
        text = F.normalize(self.alignment.text(torch.stack([rows.mean(0) for rows in split(self.words, WORDS)])))
        means = torch.stack([rows.mean(0) if len(rows) else torch.zeros(WIDTH) for rows in shown])
        seen = F.normalize(self.alignment.shown(means))
        matching = self.alignment.match(torch.cat([text, seen, text * seen], 1))
        strength = torch.repeat_interleave(torch.sigmoid(matching), torch.tensor(WORDS), 0)
        fused, gate = add_gated(self.fusion, self.words, shown, strength)
        return {"fused": fused, "scores": self.scores(fused), "gate": gate, "textSummary": text,
                "shownSummary": seen, "matching": matching}


class Layer(nn.Module):
    """`x + attention(norm(x))`, then `x + feed_forward(norm(x))`."""

    def __init__(self, width, of_others):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width, eps=EPSILON)
        if of_others:
            self.others_norm = nn.LayerNorm(width, eps=EPSILON)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, 2 * width)
        self.attended = nn.Linear(width, width)
        self.inner_norm = nn.LayerNorm(width, eps=EPSILON)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)

    def forward(self, x, others=None):
        own = self.attention_norm(torch.cat(x))
        seen = own if others is None else self.others_norm(torch.cat(others))
        packed = split(self.key(seen), [len(rows) for rows in (x if others is None else others)])
        mixed = attend_each(split(self.query(own), [len(rows) for rows in x]), packed)
        middle = torch.cat(x) + self.attended(mixed)
        result = middle + self.narrow(F.gelu(self.widen(self.inner_norm(middle))))
        return split(result, [len(rows) for rows in x])


class UMT(Fusion):
    def __init__(self):
        super().__init__()
        self.fusion.main, self.fusion.auxiliary = Layer(TEXT, False), Layer(TEXT, False)
        self.fusion.word = nn.Linear(TEXT, WIDTH)
        self.fusion.shown_of_words = Layer(WIDTH, True)
        self.fusion.words_of_shown_words = Layer(WIDTH, True)
        self.fusion.words_of_shown = Layer(WIDTH, True)
        self.fusion.gate = nn.Linear(2 * WIDTH, WIDTH)
        self.fusion.added = nn.Linear(2 * WIDTH, TEXT, bias=False)
        self.spans = nn.Module()
        self.spans.emissions = nn.Linear(TEXT, 3)

    def forward(self):
        fusion, shown = self.fusion, self.shown()
        own = torch.cat(fusion.main(split(self.words, WORDS)))
        spans = torch.cat(fusion.auxiliary(split(self.words, WORDS)))
        asked = split(fusion.word(own), WORDS)
        said = torch.cat(fusion.words_of_shown_words(asked, fusion.shown_of_words(shown, asked)))
        found = torch.cat(fusion.words_of_shown(asked, shown))
        gate = torch.sigmoid(fusion.gate(torch.cat([said, found], 1)))
        is_shown = torch.repeat_interleave(torch.tensor([[float(len(rows) > 0)] for rows in shown]),
                                           torch.tensor(WORDS), 0)
        own = own + is_shown * fusion.added(torch.cat([said, gate * found], 1))
        # Tags are O, B-X, I-X, B-Y, …
        conversion = torch.zeros(3, TAGS)
        conversion[0, 0], conversion[1, 1::2], conversion[2, 2::2] = 1, 1 / 4, 1 / 4
        scores = (self.tagger.emissions(own) + self.spans.emissions(spans) @ conversion) / 2
        return {"fused": torch.cat([own, spans], 1), "scores": scores, "gate": gate}


class EncoderLayer(nn.Module):
    """BERT's layer, normalised afterwards, with keys and values before those of the sequence."""

    def __init__(self):
        super().__init__()
        self.attention = nn.ModuleDict({"self": nn.Module(), "output": nn.Module()})
        self.attention["self"].query = nn.Linear(TEXT, 3 * TEXT)
        self.attention["output"].dense = nn.Linear(TEXT, TEXT)
        self.attention["output"].LayerNorm = nn.LayerNorm(TEXT, eps=EPSILON)
        self.intermediate, self.output = nn.Module(), nn.Module()
        self.intermediate.dense = nn.Linear(TEXT, 2 * TEXT)
        self.output.dense = nn.Linear(2 * TEXT, TEXT)
        self.output.LayerNorm = nn.LayerNorm(TEXT, eps=EPSILON)

    def forward(self, x, prefixes):
        mixed = []
        for rows, prefix in zip(x, prefixes):
            query, key, value = self.attention["self"].query(rows).chunk(3, dim=1)
            before = prefix.chunk(2, dim=1)
            mixed.append(attend(query, torch.cat([before[0], key]), torch.cat([before[1], value])))
        lengths = [len(rows) for rows in x]
        middle = self.attention["output"].LayerNorm(torch.cat(x) + self.attention["output"].dense(torch.cat(mixed)))
        inner = self.output.dense(F.gelu(self.intermediate.dense(middle)))
        return split(self.output.LayerNorm(middle + inner), lengths)


class Prefix(Fusion):
    """Two layers of an encoder, the upper of which sees a prefix of two rows."""

    pieces, tokens_ = [2, 5, 6, 1, 4, 3, 2], 2

    def __init__(self):
        super().__init__()
        self.text = nn.Module()
        self.text.embeddings, self.text.encoder = nn.Module(), nn.Module()
        self.text.embeddings.word_embeddings = nn.Embedding(7, TEXT)
        self.text.embeddings.position_embeddings = nn.Embedding(8, TEXT)
        self.text.embeddings.token_type_embeddings = nn.Embedding(2, TEXT)
        self.text.embeddings.LayerNorm = nn.LayerNorm(TEXT, eps=EPSILON)
        self.text.encoder.layer = nn.ModuleList([EncoderLayer(), EncoderLayer()])
        self.fusion.evidence_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.fusion.queries = nn.Embedding(self.tokens_, WIDTH)
        self.fusion.key = nn.Linear(WIDTH, 2 * WIDTH)
        layer = nn.Module()
        layer.gate, layer.prefix = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 2 * 2 * TEXT // 2, bias=False)
        self.fusion.layer = nn.ModuleList([layer])

    def forward(self):
        fusion, shown, embeddings = self.fusion, self.shown(), self.text.embeddings
        prefixes, gates = [], []
        for rows, words in zip(shown, WORDS):
            if len(rows) == 0:
                prefixes.append(torch.zeros(0, 2 * TEXT))
                gates.append(torch.zeros(words, 1))
                continue
            packed = fusion.key(fusion.evidence_norm(rows))
            found = attend(fusion.queries.weight, *packed.chunk(2, dim=1))
            gate = torch.sigmoid(fusion.layer[0].gate(found.mean(0, keepdim=True)))
            prefixes.append(fusion.layer[0].prefix(gate * found))
            gates.append(gate.expand(words, 1))
        places = torch.cat([torch.arange(words) for words in WORDS])
        x = embeddings.LayerNorm(
            embeddings.word_embeddings(torch.tensor(self.pieces)) + embeddings.position_embeddings(places)
            + embeddings.token_type_embeddings(torch.zeros(7, dtype=torch.long)))
        nothing = [torch.zeros(0, 2 * TEXT)] * len(WORDS)
        x = self.text.encoder.layer[0](split(x, WORDS), nothing)
        fused = torch.cat(self.text.encoder.layer[1](x, prefixes))
        return {"fused": fused, "scores": self.scores(fused), "gate": torch.cat(gates)}


class DSEHOF(Fusion):
    def __init__(self):
        super().__init__()
        # Evidence lies where words do.
        fusion = self.fusion
        fusion.picture, fusion.alt = nn.Linear(PICTURE, TEXT), nn.Linear(TEXT, TEXT)
        fusion.evidence_norm = nn.LayerNorm(TEXT, eps=EPSILON)
        fusion.word, fusion.region, fusion.post = (nn.Linear(TEXT, WIDTH, bias=False) for _ in range(3))
        fusion.threshold = nn.Parameter(torch.full((1, 1), -3.0))
        fusion.modality = nn.Linear(1, 1)
        fusion.parallel = nn.Parameter(torch.randn(1, TEXT))
        fusion.gate = nn.Linear(2 * TEXT, TEXT)
        fusion.added = nn.Linear(TEXT, TEXT, bias=False)

    def forward(self):
        fusion, temperature, fading = self.fusion, 0.3, 0.1
        found, gates = [], []
        for words, rows in zip(split(self.words, WORDS), self.shown()):
            if len(rows) == 0:
                found.append(torch.zeros_like(words))
                gates.append(torch.zeros(len(words), 1))
                continue
            regions = fusion.evidence_norm(rows)
            cosines = F.normalize(fusion.word(words)) @ F.normalize(fusion.region(regions)).T
            parts = F.relu(cosines - torch.sigmoid(fusion.threshold) / 2) * torch.exp(cosines / temperature)
            shares = parts / (parts.sum(1, keepdim=True) + fading)
            similar = F.cosine_similarity(fusion.post(words.mean(0)), fusion.post(regions.mean(0)), dim=0)
            open_ = torch.sigmoid(fusion.modality(similar.view(1, 1)))
            found.append(open_ * (shares @ regions))
            gates.append(open_ * shares.sum(1, keepdim=True))
        found, t = torch.cat(found), self.words
        parallel = (found * t).sum(1, keepdim=True) / (t * t).sum(1, keepdim=True) * t
        orthogonal = found - parallel
        new = fusion.added(orthogonal)
        gate = torch.sigmoid(fusion.gate(torch.cat([t, orthogonal], 1)))
        fused = t + fusion.parallel * parallel + gate * new
        return {"fused": fused, "scores": self.scores(fused), "gate": torch.cat(gates),
                "redundancy": F.cosine_similarity(t, new, dim=1).view(-1, 1)}


class Bottleneck(Layer):
    """Normal distributions by a layer, their means added to the rows; nothing is drawn here."""

    def __init__(self, width):
        super().__init__(width, False)
        self.mean = nn.Linear(width, width, bias=False)
        self.log_variance = nn.Linear(width, width)

    def forward(self, x):
        read = super().forward(x)
        return [rows + self.mean(new) for rows, new in zip(x, read)], self.log_variance(torch.cat(read))


class Minige(Fusion):
    def __init__(self):
        super().__init__()
        fusion = self.fusion
        fusion.text, fusion.shown = Bottleneck(TEXT), Bottleneck(WIDTH)
        fusion.query = nn.Linear(TEXT, WIDTH)
        fusion.key, fusion.value = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        fusion.importance_inner, fusion.importance = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        fusion.sharpness = nn.Parameter(torch.full((1, 1), 5.0))
        fusion.gate = nn.Linear(WIDTH + TEXT, TEXT)
        fusion.added = nn.Linear(WIDTH, TEXT, bias=False)
        fusion.summary = nn.Linear(TEXT, WIDTH, bias=False)
        fusion.match = nn.Linear(3 * WIDTH, 1)

    def attend(self, words, rows):
        if len(rows) == 0:
            return torch.zeros(len(words), WIDTH)
        fusion = self.fusion
        query = fusion.query(words)
        shares = (query @ fusion.key(rows).T / len(words) ** 0.5).softmax(0)
        importance = fusion.importance(torch.tanh(fusion.importance_inner(rows))).T
        logits = shares * (1 - importance) + shares.mean(0, keepdim=True) * importance
        return (logits * fusion.sharpness).softmax(1) @ fusion.value(rows) + query

    def forward(self):
        fusion, limit = self.fusion, 0.4
        z, text_spread = fusion.text(split(self.words, WORDS))
        v, shown_spread = fusion.shown(self.shown())
        said = fusion.summary(torch.stack([rows.mean(0) for rows in z]))
        seen = torch.stack([rows.mean(0) if len(rows) else torch.zeros(WIDTH) for rows in v])
        matching = fusion.match(torch.cat([said, seen, said * seen], 1))
        fused = []
        for words, rows in zip(z, v):
            found = self.attend(words, rows)
            new = F.leaky_relu(fusion.gate(torch.cat([found, words], 1))) * fusion.added(found)
            length = new.norm()
            alpha = torch.clamp(limit * words.norm() / length, max=1) if length > 0 else 1
            fused.append(words + alpha * new)
        fused = torch.cat(fused)
        return {"fused": fused, "scores": self.scores(fused), "textMean": torch.cat(z), "textLogVariance": text_spread,
                "shownMean": torch.cat(v), "shownLogVariance": shown_spread, "textSummary": said, "shownSummary": seen,
                "matching": matching}


class Summary(nn.Module):
    """A normal distribution by two networks of three layers; nothing is drawn here."""

    def __init__(self, inputs):
        super().__init__()
        self.mean, self.log_variance = (
            nn.ModuleList([nn.Linear(inputs if layer == 0 else WIDTH, WIDTH) for layer in range(3)]) for _ in range(2))

    def forward(self, x):
        def through(layers):
            return layers[2](F.gelu(layers[1](F.gelu(layers[0](x)))))
        return through(self.mean), through(self.log_variance)


class Span(Fusion):
    """Spans of at most two words, over words that look."""

    hidden, longest = 5, 2

    def __init__(self):
        super().__init__()
        del self.tagger
        fusion, self.spans = self.fusion, nn.Module()
        fusion.text, fusion.shown = Summary(TEXT), Summary(WIDTH)
        fusion.evidence_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        fusion.query, fusion.key = nn.Linear(TEXT, WIDTH), nn.Linear(WIDTH, 2 * WIDTH)
        fusion.added = nn.Linear(WIDTH, TEXT, bias=False)
        fusion.match = nn.Linear(3 * WIDTH, 1)
        self.spans.first, self.spans.last = nn.Linear(TEXT, self.hidden), nn.Linear(TEXT, self.hidden, bias=False)
        self.spans.mean = nn.Linear(TEXT, self.hidden, bias=False)
        self.spans.length = nn.Embedding(self.longest, self.hidden)
        self.spans.classes = nn.Linear(self.hidden, 5)

    def scores(self, fused):
        spans, rows = self.spans, []
        for words in split(fused, WORDS):
            for start in range(len(words)):
                for end in range(start, min(start + self.longest, len(words))):
                    hidden = F.gelu(
                        spans.first(words[start]) + spans.last(words[end]) + spans.mean(words[start:end + 1].mean(0))
                        + spans.length.weight[end - start])
                    rows.append(spans.classes(hidden))
        return torch.stack(rows)

    def forward(self):
        fusion, shown = self.fusion, self.shown()
        text = torch.stack([rows.mean(0) for rows in split(self.words, WORDS)])
        means = torch.stack([rows.mean(0) if len(rows) else torch.zeros(WIDTH) for rows in shown])
        (said, text_spread), (seen, shown_spread) = fusion.text(text), fusion.shown(means)
        matching = fusion.match(torch.cat([said, seen, said * seen], 1))
        packed = [fusion.key(fusion.evidence_norm(torch.cat([sample[None], rows]))) if len(rows) else
                  torch.zeros(0, 2 * WIDTH) for sample, rows in zip(seen, shown)]
        fused = self.words + fusion.added(attend_each(split(fusion.query(self.words), WORDS), packed))
        return {"fused": fused, "scores": self.scores(fused), "textMean": said, "textLogVariance": text_spread,
                "shownMean": seen, "shownLogVariance": shown_spread, "textSummary": said, "shownSummary": seen,
                "matching": matching}


class MQSPN(Fusion):
    """A set of three queries, two layers."""

    queries, layers = 3, 2

    def __init__(self):
        super().__init__()
        del self.tagger, self.fusion
        self.set = head = nn.Module()
        head.types, head.queries = nn.Embedding(4, TEXT), nn.Embedding(self.queries, WIDTH)
        head.type_map, head.word = nn.Linear(TEXT, WIDTH, bias=False), nn.Linear(TEXT, WIDTH)
        head.picture, head.alt = nn.Linear(PICTURE, WIDTH), nn.Linear(TEXT, WIDTH)
        head.word_norm, head.evidence_norm, head.query_norm = (nn.LayerNorm(WIDTH, eps=EPSILON) for _ in range(3))
        head.layer = nn.ModuleList([Layer(WIDTH, True) for _ in range(self.layers)])
        head.asked, head.gathered = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, WIDTH)
        head.span_query, head.span_word = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)
        head.ends, head.kind, head.classes = nn.Linear(WIDTH, 2), nn.Linear(3 * WIDTH, WIDTH), nn.Linear(WIDTH, 5)

    def forward(self):
        head = self.set
        said = split(head.word_norm(head.word(self.words)), WORDS)
        tokens, alt = split(head.picture(self.tokens), TOKENS), split(head.alt(self.alt), ALT)
        shown = [head.evidence_norm(torch.cat(pair)) for pair in zip(tokens, alt)]
        kinds = torch.arange(self.queries) % 4
        begin = head.queries.weight + head.type_map(head.types.weight[kinds])
        state = [begin] * len(WORDS)
        for layer in head.layer:
            state = layer(state, [torch.cat(pair) for pair in zip(said, shown)])
        ends, classes = [], []
        for queries, words, rows in zip(map(head.query_norm, state), said, shown):
            mixed = head.asked(queries) + 0.5 * (queries @ words.T / WIDTH**0.5).softmax(1) @ words
            if len(rows):
                mixed = mixed + 0.5 * (queries @ rows.T / WIDTH**0.5).softmax(1) @ rows
            about = head.gathered(torch.tanh(mixed))
            pairs = F.relu(head.span_query(about)[:, None] + head.span_word(words)[None])
            logits = head.ends(pairs)
            marked = torch.sigmoid(logits)
            inner = torch.cat([about, marked[..., 0] @ words, marked[..., 1] @ words], 1)
            ends.append(logits.reshape(-1, 2))
            classes.append(head.classes(F.relu(head.kind(inner))))
        return {"fused": self.words, "scores": torch.cat(ends), "scores1": torch.cat(classes)}


class Fine(GatedFusion):
    """Two coarse types over five fine ones: tags of the first, and what mentions get of the second."""

    def __init__(self):
        super().__init__()
        self.tagger.emissions = nn.Linear(TEXT, 5)
        self.fine = nn.Module()
        self.fine.first = nn.Linear(TEXT, 3 * 5)

    def forward(self):
        results = super().forward()
        return results | {"scores1": self.fine.first(results["fused"])}


class GEM(GatedFusion):
    """Tags of five fine types, which those of two coarse ones tell."""

    def __init__(self):
        super().__init__()
        self.tagger.emissions = nn.Linear(TEXT, 11)
        self.coarse = nn.Module()
        self.coarse.emissions = nn.Linear(TEXT, 5, bias=False)
        self.coarse.transfer = nn.Parameter(torch.randn(5, 11))

    def forward(self):
        results = super().forward()
        coarse = self.coarse.emissions(results["fused"])
        scores = results["scores"] + 0.7 * coarse.softmax(1) @ self.coarse.transfer
        return results | {"scores": scores, "scores1": coarse}


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def report(model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    results = model()
    targets = {name: torch.rand_like(result) for name, result in results.items() if name != "fused"}
    loss = sum(F.binary_cross_entropy_with_logits(results[name], target, reduction="sum")
               for name, target in targets.items())
    loss.backward()
    parameters = dict(model.named_parameters())
    return {
        "inputs": {name: numbers(getattr(model, name)) for name in ["words", "tokens", "alt"]},
        "targets": {name: numbers(target) for name, target in targets.items()},
        "values": {name: numbers(parameter) for name, parameter in parameters.items()},
        "results": {name: numbers(result) for name, result in results.items()}, "loss": loss.item(),
        "gradients": {name: numbers(torch.zeros_like(parameter) if parameter.grad is None else parameter.grad)
                      for name, parameter in parameters.items()},
    }


print(json.dumps({"gated-fusion": report(GatedFusion()), "umt": report(UMT()), "ita": report(ITA()),
                  "prefix": report(Prefix()), "dse-hof": report(DSEHOF()), "minige": report(Minige()), "span": report(Span()), "mqspn": report(MQSPN()), "fine": report(Fine()), "gem": report(GEM())}, separators=(",", ":")))
