import Files
import Weights

/// The weights of a frozen graph under the names and in the order that ``ObjectDetector`` has them. Normalisation of batches
/// (Ioffe & Szegedy 2015), whose statistics are constants here, becomes a part of the convolution before it.
struct DetectorGraph {
    private let graph: FrozenGraph
    private static let features = "FeatureExtractor/MobilenetV2/"
    /// Added to variances; the graph has it where nothing is read.
    private static let epsilon: Float = 1e-3
    private static let extras = [
        ("layer_19_1_Conv2d_2_1x1_256", "layer_19_2_Conv2d_2_3x3_s2_512"),
        ("layer_19_1_Conv2d_3_1x1_128", "layer_19_2_Conv2d_3_3x3_s2_256"),
        ("layer_19_1_Conv2d_4_1x1_128", "layer_19_2_Conv2d_4_3x3_s2_256"),
        ("layer_19_1_Conv2d_5_1x1_64", "layer_19_2_Conv2d_5_3x3_s2_128"),
    ]

    init(_ graph: FrozenGraph) {
        self.graph = graph
    }

    /// How many classes it tells, besides that of nothing; `nil` where it is another network.
    var classes: Int? {
        graph.shape("BoxPredictor_0/ClassPredictor/biases")?.first.map {
            $0 / PriorBoxes.sizes(ofMap: 0).count - 1
        }
    }

    /// Channels of its layers, as ``ObjectDetectorConfiguration`` has them.
    func widths() throws(FileError) -> (widths: [Int], extras: [[Int]]) {
        let lasts = ["", "_2", "_5", "_9", "_12", "_15", "_16"].map { "expanded_conv\($0)/project" }
        var all: [Int] = []
        for name in ["Conv"] + lasts + ["Conv_1"] { all.append(try outputs(name)) }
        var extras: [[Int]] = []
        for (narrow, widen) in Self.extras { extras.append([try outputs(narrow), try outputs(widen)]) }
        return (all, extras)
    }

    private func outputs(_ name: String) throws(FileError) -> Int {
        let full = "\(Self.features)\(name)/weights"
        // Asked for with extents that it cannot have, the graph says what is wrong with it.
        guard let shape = graph.shape(full), shape.count == 4, shape[3] > 0 else {
            _ = try graph.numbers(full, shape: [])
            return 0
        }
        return shape[3]
    }

    /// The numbers of a parameter; of scores those of some classes.
    func numbers(_ entry: ParameterLayout.Entry, classes: [Int]) throws(FileError) -> [Float] {
        let parts = entry.names[0].split(separator: ".").map(String.init)
        let isBias = parts.last == "bias"
        let (rows, columns) = (entry.parameter.rows, entry.parameter.columns)
        if parts[0] == "map" {
            return try prediction(parts[2], map: parts[1], isBias: isBias, rows, columns, classes: classes)
        }
        let (name, weights) = source(parts)
        let isApart = weights == "depthwise_weights"
        let outputs = isBias || isApart ? columns : rows
        let norm = try normalization("\(Self.features)\(name)/BatchNorm", outputs)
        if isBias { return norm.map(\.shift) }
        let side = isApart || parts[0] == "stem" ? 3 : 1
        let inputs = isApart ? 0 : columns / (side * side)
        let shape = isApart ? [side, side, outputs, 1] : [side, side, inputs, outputs]
        let numbers = try graph.numbers("\(Self.features)\(name)/\(weights)", shape: shape)
        if isApart { return numbers.indices.map { numbers[$0] * norm[$0 % outputs].scale } }
        return Self.turned(numbers, outputs: outputs).enumerated().map { $1 * norm[$0 / columns].scale }
    }

    /// Where a parameter's numbers lie: the layer, and the weights in it.
    private func source(_ parts: [String]) -> (name: String, weights: String) {
        switch parts[0] {
        case "stem": return ("Conv", "weights")
        case "last": return ("Conv_1", "weights")
        case "extra":
            let (narrow, widen) = Self.extras[Int(parts[1]) ?? 0]
            switch parts[2] {
            case "narrow": return (narrow, "weights")
            case "apart": return ("\(widen)_depthwise", "depthwise_weights")
            default: return (widen, "weights")
            }
        default:
            let block = parts[1] == "0" ? "expanded_conv" : "expanded_conv_\(parts[1])"
            switch parts[2] {
            case "widen": return ("\(block)/expand", "weights")
            case "apart": return ("\(block)/depthwise", "depthwise_weights")
            default: return ("\(block)/project", "weights")
            }
        }
    }

    /// What normalisation does to each channel: a factor, and what is added.
    private func normalization(
        _ name: String, _ channels: Int
    ) throws(FileError) -> [(scale: Float, shift: Float)] {
        let gamma = try graph.numbers("\(name)/gamma", shape: [channels])
        let beta = try graph.numbers("\(name)/beta", shape: [channels])
        let mean = try graph.numbers("\(name)/moving_mean", shape: [channels])
        let variance = try graph.numbers("\(name)/moving_variance", shape: [channels])
        return (0..<channels).map { channel in
            let scale = gamma[channel] / (max(0, variance[channel]) + Self.epsilon).squareRoot()
            return (scale, beta[channel] - mean[channel] * scale)
        }
    }

    private func prediction(
        _ part: String, map: String, isBias: Bool, _ rows: Int, _ columns: Int, classes: [Int]
    ) throws(FileError) -> [Float] {
        let isScore = part == "scores"
        let all = (self.classes ?? 0) + 1
        let outputs = isBias ? columns : rows
        let stored = isScore ? outputs / classes.count * all : outputs
        let name = "BoxPredictor_\(map)/\(isScore ? "ClassPredictor" : "BoxEncodingPredictor")"
        let numbers =
            isBias
            ? try graph.numbers("\(name)/biases", shape: [stored])
            : Self.turned(
                try graph.numbers("\(name)/weights", shape: [3, 3, columns / 9, stored]), outputs: stored)
        guard isScore else { return numbers }
        // Of each box the first class is nothing.
        let width = isBias ? 1 : columns
        var kept: [Float] = []
        for box in stride(from: 0, to: stored, by: all) {
            for kind in classes {
                let first = (box + 1 + kind) * width
                kept += numbers[first..<first + width]
            }
        }
        return kept
    }

    /// Weights with outputs innermost as rows of outputs.
    private static func turned(_ numbers: [Float], outputs: Int) -> [Float] {
        let inputs = numbers.count / outputs
        return (0..<outputs).flatMap { output in (0..<inputs).map { numbers[$0 * outputs + output] } }
    }
}
