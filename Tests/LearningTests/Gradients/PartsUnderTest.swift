@testable import Geometry
@testable import Kernels
@testable import Model
@testable import Text

/// Every part that a model can have, as small as it goes: a new part is checked when it is added here.
enum PartUnderTest: CaseIterable, Sendable {
    case bert, mpnet
    case vit, dinov2, dinov2WithRegisters
    case taggerOfMeans, taggerOfFirstPieces
    case gatedSum, gatedSumOfWords
    case interaction, interactionOfWords, alignment, alignmentOfWords, prefix, prefixOfWords
    case fineTypes, transfer
    case spans, spansOfWords, querySet, querySetOfWords
    case similarity, similarityOfWords, bottleneck, bottleneckOfWords, publishedBottleneck
    case evidenceReader, evidenceReaderOfPictures
    case gate
    case box
    case choiceOfCandidates, choiceOfRegions, choiceOfNowhere
    case prior
    case headsWithoutPictures, headsByRegression, headsByChoice, headsByRegions, headsOfTwoTerms

    /// The part, declared.
    var network: any NetworkUnderTest {
        switch self {
        case .bert: TextEncoderNetwork(.bert)
        case .mpnet: TextEncoderNetwork(.mpnet)
        case .vit: PatchEncoderNetwork(.vit)
        case .dinov2: PatchEncoderNetwork(.dinov2)
        case .dinov2WithRegisters: PatchEncoderNetwork(.dinov2WithRegisters)
        case .taggerOfMeans: TaggerNetwork(.mean)
        case .taggerOfFirstPieces: TaggerNetwork(.first)
        case .gatedSum: FusionNetwork<GatedFusion>(.init(width: 4, heads: 2), sees: true)
        case .gatedSumOfWords: FusionNetwork<GatedFusion>(.init(width: 4, heads: 2), sees: false)
        case .interaction: FusionNetwork<UMT>(.init(width: 6, heads: 2), sees: true)
        case .interactionOfWords: FusionNetwork<UMT>(.init(width: 6, heads: 2), sees: false)
        case .alignment: FusionNetwork<ITA>(.init(width: 4, heads: 2, space: 3), sees: true)
        case .alignmentOfWords: FusionNetwork<ITA>(.init(width: 4, heads: 2, space: 3), sees: false)
        case .prefix: FusionNetwork<Prefix>(.init(width: 4, heads: 2, tokens: 2, layers: 1), sees: true)
        case .prefixOfWords: FusionNetwork<Prefix>(.init(width: 4, heads: 2, tokens: 2, layers: 1), sees: false)
        case .similarity: FusionNetwork<DSEHOF>(.init(width: 3, temperature: 0.4), sees: true)
        case .similarityOfWords: FusionNetwork<DSEHOF>(.init(width: 3, temperature: 0.4), sees: false)
        case .fineTypes: FusionNetwork<Fine>(.init(width: 4, heads: 2), sees: true, types: fewFine)
        case .transfer: FusionNetwork<GEM>(.init(width: 4, heads: 2), sees: true, types: fewFine)
        case .spans:
            FusionNetwork<SpanMethod>(
                .init(width: 4, heads: 2), sees: true, head: .init(width: 3, longest: 2, nested: false))
        case .spansOfWords:
            FusionNetwork<SpanMethod>(
                .init(width: 4, heads: 2), sees: false, head: .init(width: 3, longest: 9, nested: false))
        case .querySet:
            FusionNetwork<MQSPN>(.init(), sees: true, head: .init(width: 4, heads: 2, layers: 2, queries: 3))
        case .querySetOfWords:
            FusionNetwork<MQSPN>(.init(), sees: false, head: .init(width: 4, heads: 2, layers: 1, queries: 2))
        case .bottleneck:
            FusionNetwork<Minige>(.init(width: 4, heads: 2, sharpness: .learned, limit: 0.1), sees: true)
        case .bottleneckOfWords:
            FusionNetwork<Minige>(.init(width: 4, heads: 2, sharpness: .learned, limit: 9), sees: false)
        case .publishedBottleneck:
            FusionNetwork<Minige>(.init(width: 6, heads: 2, sharpness: .published, limit: 9), sees: true)
        case .evidenceReader: EvidenceReaderNetwork(pictureLayers: nil)
        case .evidenceReaderOfPictures: EvidenceReaderNetwork(pictureLayers: 1)
        case .gate: GateNetwork()
        case .box: BoxHeadNetwork()
        case .choiceOfCandidates: CandidateChoiceNetwork(fixed)
        case .choiceOfRegions: CandidateChoiceNetwork(seen)
        case .choiceOfNowhere: CandidateChoiceNetwork(nowhere)
        case .prior: PriorNetwork()
        case .headsWithoutPictures: HeadsNetwork(sees: false)
        case .headsByRegression: HeadsNetwork(sees: true)
        case .headsByChoice: HeadsNetwork(sees: true, candidates: fixed)
        case .headsByRegions: HeadsNetwork(sees: true, prior: 3, candidates: seen)
        case .headsOfTwoTerms: HeadsNetwork(sees: true, prior: 3)
        }
    }
}

private let texts = TextEncoderConfiguration(
    family: .bert, width: 4, layers: 1, heads: 2, innerWidth: 6, vocabularySize: 7, positions: 8, segments: 2,
    epsilon: 1e-6)
private let fewFine =
    (try? TypeInventory(children: [("place", ["city", "road"]), ("person", ["actor"])])) ?? .coarse
/// A grid of two by two.
private let pictures = PatchEncoderConfiguration(
    family: .dinov2, width: 3, layers: 1, heads: 1, innerRatio: 2, imageSize: 4, patchSize: 2)
private let fixed = CandidateConfiguration(
    anchors: [RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1), RelativeBox(x1: 0.2, y1: 0.3, x2: 1, y2: 0.9)], peaks: 2,
    units: 3)
private let seen = CandidateConfiguration(units: 3, regions: true, presence: .seen)
private let nowhere = CandidateConfiguration(units: 3, regions: true, presence: .nowhere)
/// Of two pictures, in the second of which nobody saw anything.
private let regions = [
    [
        SeenRegion(box: RelativeBox(x1: 0.1, y1: 0, x2: 0.4, y2: 1), label: "a", score: 0.5),
        SeenRegion(box: RelativeBox(x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.3), text: "b"),
    ], [],
]

private struct TextEncoderNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs = [(rows: 7, columns: 4)]
    let dropout: Float = 0
    private let encoder: TextEncoder

    init(_ family: TextEncoderConfiguration.Family) {
        encoder = TextEncoder(
            TextEncoderConfiguration(
                family: family, width: 4, layers: 2, heads: 2, innerWidth: 6, vocabularySize: 7, positions: 8,
                segments: 2, epsilon: 1e-6, distanceBuckets: 8), in: &layout)
    }

    /// What is added to the embeddings goes in; two sequences.
    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        [try encoder.encode([2, 5, 3, 2, 6, 5, 3], lengths: [3, 4], adding: x[0], on: computation)]
    }
}

private struct PatchEncoderNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs = [(rows: 8, columns: 12)]
    private let encoder: PatchEncoder

    init(_ family: PatchEncoderConfiguration.Family) {
        encoder = PatchEncoder(
            PatchEncoderConfiguration(
                family: family, width: 4, layers: 2, heads: 2, innerWidth: 6, innerRatio: 2, imageSize: 4,
                patchSize: 2, registers: 2), in: &layout)
    }

    /// Two pictures.
    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        [try encoder.encode(x[0], count: 2, on: computation)]
    }
}

/// Text encoder, shapes, words, matches and emissions; what comes after, a CRF's loss, is a loss.
private struct TaggerNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs: [(rows: Int, columns: Int)] = []
    let dropout: Float = 0.1
    private let words: WordReader
    private let head: CRFHead

    init(_ pooling: WordConfiguration.Pooling) {
        words = WordReader(
            WordConfiguration(pooling: pooling, shapes: 3, knowledgeMatches: pooling == .mean ? true : nil),
            encoder: texts, in: &layout)
        head = CRFHead(TagSet(.coarse), width: texts.width, in: &layout)
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        var batch = PieceBatch()
        batch.ids = [2, 5, 4, 3, 5, 2, 6, 3]
        batch.lengths = [5, 3]
        batch.shapes = [0, 1, 1, 0, 2, 0, 2, 0]
        batch.words = [1..<3, 6..<7]
        batch.matches = [4..<5, 0..<0]
        let states = try words.states(batch, dropout: dropout, on: computation)
        return [
            states,
            try head.score(
                states, lengths: [1, 1], evidence: .nothing(2), dropout: dropout, on: computation
            ).rows,
        ]
    }
}

/// Words of four posts: with a picture, with an alternative text, with both, with neither; fused, and scored by the
/// method's head. What the fusion notes is a result, too.
private struct FusionNetwork<M: FusionMethod>: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    /// Words, tokens of two pictures, words of two alternative texts.
    let inputs = [(rows: 6, columns: 4), (rows: 5, columns: 3), (rows: 3, columns: 4)]
    let dropout: Float = 0.1
    private let words: WordReader
    private let fusion: M.Part
    private let head: any TagHead
    private let sees: Bool

    init(
        _ configuration: M.Part.Configuration, sees: Bool, head: M.Head.Configuration = .init(),
        types: TypeInventory = .coarse
    ) {
        self.sees = sees
        let shapes = ModelShapes(text: texts, picture: sees ? pictures : nil, tags: TagSet(types))
        words = WordReader(WordConfiguration(shapes: 0), encoder: texts, in: &layout)
        self.head = M.Head(head, shapes, in: &layout)
        fusion = M.Part(configuration, shapes, in: &layout)
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        let evidence = ShownEvidence(
            tokens: sees ? x[1] : nil, tokenCounts: sees ? [3, 0, 2, 0] : [0, 0, 0, 0], alt: x[2],
            altCounts: [0, 2, 1, 0])
        var batch = PieceBatch()
        batch.ids = [2, 5, 6, 1, 4, 3]
        batch.lengths = [2, 1, 2, 1]
        batch.words = (0..<6).map { $0..<$0 + 1 }
        let toFuse = WordsToFuse<C>(x[0], lengths: batch.lengths) { (prefix) throws(ShapeError) in
            try words.states(batch, prefix: prefix, dropout: dropout, on: computation)
        }
        var notes: [C.Value] = []
        let fused = try fusion.fuse(toFuse, evidence: evidence, dropout: dropout, on: computation) { notes.append($1) }
        let scores = try head.score(
            fused, lengths: batch.lengths, evidence: evidence, dropout: dropout, on: computation)
        return [fused] + scores.sheets.map(\.rows) + notes
    }
}

/// Three posts: with a picture, with words, with both.
private struct EvidenceReaderNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    /// Queries, tokens of two pictures, words.
    let inputs = [(rows: 4, columns: 4), (rows: 6, columns: 3), (rows: 3, columns: 2)]
    let dropout: Float = 0.1
    private let reader: EvidenceReader

    init(pictureLayers: Int?) {
        reader = EvidenceReader(
            EvidenceConfiguration(width: 4, heads: 2, layers: 1, pictureLayers: pictureLayers), queryWidth: 4,
            textWidth: 2, pictureWidth: 3, places: 3, typeCount: 2, in: &layout)
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        let pictures = try reader.see(pictures: x[1], dropout: dropout, on: computation)
        let words = try reader.see(words: x[2], dropout: dropout, on: computation)
        let evidence = try reader.gather(
            pictures: pictures, isPictured: [true, false, true], words: words, wordCounts: [0, 1, 2],
            on: computation)
        let states = try reader.read(
            EvidenceReader.Rows(x[0], lengths: [1, 2, 1]), kinds: [0, 1, 1, 0], evidence: evidence, dropout: dropout,
            on: computation)
        return [states, evidence.rows]
    }
}

private struct GateNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs = [(rows: 3, columns: 4), (rows: 3, columns: 4), (rows: 3, columns: 4), (rows: 3, columns: 5)]
    let dropout: Float = 0.2
    private let gate: VisibilityGate

    init() { gate = VisibilityGate(width: 4, patches: 5, in: &layout) }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        [
            try gate.logits(
                gate.known(x[0], pictureMatch: x[1], altMatch: x[2], masks: x[3], on: computation), dropout: dropout,
                on: computation)
        ]
    }
}

private struct PriorNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    let inputs = [(rows: 3, columns: 4)]
    let dropout: Float = 0.2
    private let prior: VisibilityPrior

    init() { prior = VisibilityPrior(queryWidth: 4, typeCount: 2, width: 5, in: &layout) }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        [try prior.logits(x[0], kinds: [1, 0, 1], dropout: dropout, on: computation)]
    }
}

private struct BoxHeadNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    /// Entities of two pictures, and their patches.
    let inputs = [(rows: 3, columns: 4), (rows: 8, columns: 4)]
    private let head: BoxHead

    init() { head = BoxHead(width: 4, grid: 2, in: &layout) }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        let extents = try head.extents(x[1], on: computation)
        let drawing = try head.draw(x[0], patches: x[1], extents: extents, entities: [2, 1], on: computation)
        return [drawing.masks, drawing.boxes, drawing.trust, try head.proposals(extents, on: computation)]
    }
}

/// What is drawn is no input: numbers that are counted of it are constants, through which nothing is learned.
private struct CandidateChoiceNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    /// States of three entities; what the patches of two pictures know; labels.
    let inputs = [(rows: 3, columns: 4), (rows: 8, columns: 4), (rows: 2, columns: 2)]
    let dropout: Float = 0.1
    private let choice: CandidateChoice

    init(_ configuration: CandidateConfiguration) {
        choice = CandidateChoice(configuration, width: 4, textWidth: 2, grid: 2, in: &layout)
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        let four = (0..<12).map { Float(($0 * 7) % 5) / 2 - 1 }
        let boxes = try computation.constant(rows: 3, columns: 4, four.span)
        let trust = try computation.constant(rows: 3, columns: 1, [0.5, -1, 2].span)
        let sources = CandidateChoice.Sources(
            states: x[0], drawing: BoxHead.Drawing(masks: boxes, boxes: boxes, trust: trust),
            extents: x[1], pictureOfEntity: [0, 0, 1],
            regions: RegionBatch(regions: regions, labels: x[2], matches: [[0.5, 0], [0, 1], []]))
        let propose = { (rows: C.Value) throws(ShapeError) -> C.Value in try computation.columns(rows, 0..<4) }
        let chosen = try choice.choose(sources, dropout: dropout, propose: propose, on: computation)
        guard let chosen else { return [] }
        var results = [chosen.scores]
        if let presence = chosen.presence { results.append(presence) }
        if let nowhere = chosen.nowhere { results.append(nowhere) }
        return results
    }
}

/// Four posts: with a picture, with alternative text, with both, with neither.
private struct HeadsNetwork: NetworkUnderTest {
    private(set) var layout = ParameterLayout()
    /// Queries, texts, alternative texts, tokens of two pictures.
    let inputs: [(rows: Int, columns: Int)]
    let dropout: Float
    private let sees: Bool
    private let heads: GroundingHeads

    private let candidates: CandidateConfiguration?

    init(sees: Bool, prior: Int? = nil, candidates: CandidateConfiguration? = nil) {
        self.sees = sees
        self.candidates = candidates
        dropout = sees && candidates == nil ? 0.1 : 0
        inputs = [(5, 4), (4, 2), (3, 2)] + (sees ? [(2 * pictures.tokens, 3)] : [])
        heads = GroundingHeads(
            EvidenceConfiguration(
                width: 4, heads: 2, layers: 1, pictureLayers: sees ? 1 : nil, prior: prior,
                candidates: candidates),
            textWidth: 2, picture: pictures, typeCount: 2, in: &layout)
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        var batch = EvidenceBatch(
            queries: x[0], kinds: [0, 1, 1, 0, 1], entities: [1, 1, 2, 1], texts: x[1],
            tokens: sees ? x[3] : nil, isPictured: [sees, false, sees, false], alt: x[2], altCounts: [0, 1, 2, 0])
        if candidates?.regions == true {
            let labels: [Float] = [0.5, -0.3, 0, 0]
            batch.regions = RegionBatch(
                regions: regions, labels: try computation.constant(rows: 2, columns: 2, labels.span),
                matches: [[0.5, 0], [], []])
        }
        let result = try heads.ground(batch, dropout: dropout, on: computation)
        var results = [result.visible]
        if let drawing = result.drawing {
            results += [drawing.masks, drawing.boxes, drawing.trust] + (result.choice.map { [$0.scores] } ?? [])
        }
        if let summaries = result.summaries { results += [summaries.pictures, summaries.texts] }
        return results
    }
}
