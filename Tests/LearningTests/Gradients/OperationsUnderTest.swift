@testable import Kernels
@testable import Model

/// Every operation of ``Computation``, with shapes that fill no register and groups that are empty.
enum OperationUnderTest: CaseIterable, Sendable {
    case gatherTable, gatherRows
    case linear, linearWithoutBias, linearTwice, linearRelu, linearGelu, linearTanh, linearSigmoid
    case normalize, normalizeOneRow
    case add, addToItself, addScaled, multiply, multiplyByItself, subtract
    case relu, relu6, leakyRelu, gelu, tanh, sigmoid
    case selfAttention, selfAttentionByDistance, crossAttention
    case products
    case mean
    case columns, scaleRows, unitRows, rowProducts, rowProductsWithItself
    case pairProducts, pairProductsOfOneGroup, pairSums, softmaxOverKeys, softmaxOverQueries, filterPairs, levelPairs
    case boundedSum, looseSum, sample
    case concatenateColumns, concatenateRows
    case windows, windowsByTwo, convolveChannels, convolveChannelsByTwo
    case dropout
    case block, constant
}

extension OperationUnderTest {
    /// The operation with the parameters that it takes.
    var network: OperationNetwork { OperationNetwork(self) }
}

/// An operation on its own.
struct OperationNetwork: NetworkUnderTest {
    private let operation: OperationUnderTest
    let layout: ParameterLayout
    let inputs: [(rows: Int, columns: Int)]
    private let layer: Linear
    private let square: Linear
    private let bare: Linear
    private let norm: LayerNorm
    private let scale: Parameter
    private let table: Parameter
    private let channels: ChannelConvolution

    /// The second group has no key, the third no query.
    private static let queries = [2, 1, 0, 2]
    private static let keys = [3, 0, 1, 19]

    /// Of a sample too, for its noise.
    var dropout: Float { operation == .dropout || operation == .sample ? 0.3 : 0 }

    init(_ operation: OperationUnderTest) {
        self.operation = operation
        var layout = ParameterLayout()
        layer = layout.linear("layer", inputs: 5, outputs: 3)
        square = layout.linear("square", inputs: 5, outputs: 5)
        bare = layout.linear("bare", inputs: 5, outputs: 2, bias: false)
        norm = layout.layerNorm("norm", width: 5, epsilon: 1e-5)
        scale = layout.parameter(["scale"], rows: 1, columns: 5, .ones, .vector)
        table = layout.table("table", rows: 4, width: 2)
        channels = layout.channelConvolution("channels", places: 9, channels: 5)
        self.layout = layout
        inputs =
            switch operation {
            case .selfAttention, .selfAttentionByDistance: [(6, 12)]
            case .crossAttention: [(5, 4), (5, 8)]
            case .products: [(3, 5), (6, 5)]
            case .normalizeOneRow: [(1, 5)]
            case .gatherTable: []
            case .scaleRows: [(4, 5), (4, 1)]
            case .pairProducts: [(5, 4), (23, 4)]
            case .pairProductsOfOneGroup: [(4, 5), (4, 5)]
            case .pairSums: [(44, 1), (23, 3)]
            case .softmaxOverKeys, .softmaxOverQueries: [(44, 1)]
            case .filterPairs: [(44, 1), (1, 1)]
            case .levelPairs: [(44, 1), (23, 1)]
            case .concatenateColumns: [(4, 5), (4, 2)]
            case .concatenateRows: [(4, 5), (2, 5)]
            case .windows, .windowsByTwo, .convolveChannels, .convolveChannelsByTwo: [(24, 5)]
            default: [(4, 5), (4, 5)]
            }
    }

    func results<C: Computation>(_ x: [C.Value], on computation: C) throws -> [C.Value] {
        [try result(x, on: computation)]
    }

    private func result<C: Computation>(_ x: [C.Value], on computation: C) throws -> C.Value {
        switch operation {
        case .gatherTable: try computation.gather(table, [1, 3, 1])
        case .gatherRows: try computation.gather(x[0], [3, 0, 3])
        case .linear: try computation.linear(x[0], layer, .identity)
        case .linearWithoutBias: try computation.linear(x[0], bare, .identity)
        case .linearTwice: try computation.linear(computation.linear(x[0], square, .tanh), square, .identity)
        case .linearRelu: try computation.linear(x[0], layer, .relu)
        case .linearGelu: try computation.linear(x[0], layer, .gelu)
        case .linearTanh: try computation.linear(x[0], layer, .tanh)
        case .linearSigmoid: try computation.linear(x[0], layer, .sigmoid)
        case .normalize, .normalizeOneRow: try computation.normalize(x[0], norm)
        case .add: try computation.add(x[0], x[1])
        case .addToItself: try computation.add(x[0], x[0])
        case .addScaled: try computation.add(x[0], x[1], columnScale: scale)
        case .multiply: try computation.multiply(x[0], x[1])
        case .multiplyByItself: try computation.multiply(x[0], x[0])
        case .subtract: try computation.subtract(x[0], x[1])
        case .relu: try computation.apply(.relu, x[0])
        case .relu6: try computation.apply(.relu6, computation.add(x[0], computation.scaled(x[1], by: 6)))
        case .leakyRelu: try computation.apply(.leakyRelu, x[0])
        case .gelu: try computation.apply(.gelu, x[0])
        case .tanh: try computation.apply(.tanh, x[0])
        case .sigmoid: try computation.apply(.sigmoid, x[0])
        case .selfAttention:
            try computation.selfAttention(x[0], heads: 2, lengths: [2, 0, 4], relativeBias: nil)
        case .selfAttentionByDistance:
            try computation.selfAttention(
                x[0], heads: 2, lengths: [2, 4], relativeBias: computation.gather(table, [0, 1, 2, 1, 0, 3, 1, 2, 0]))
        case .crossAttention:
            // The second group has no key, the third no query.
            try computation.crossAttention(
                x[0], x[1], heads: 2, queryLengths: [2, 1, 0, 2], keyLengths: [3, 0, 1, 1])
        case .products:
            try computation.products(x[0], x[1], queryLengths: [2, 0, 1], keysPerGroup: 2, scale: 0.5)
        case .mean: try computation.mean(x[0], over: [0..<2, 1..<4, 3..<3, 2..<3])
        case .columns:
            try computation.concatenateColumns([computation.columns(x[0], 2..<5), computation.columns(x[0], 0..<3)])
        case .scaleRows: try computation.scaleRows(x[0], by: x[1])
        case .unitRows: try computation.unitRows(x[0])
        case .rowProducts: try computation.rowProducts(x[0], x[1])
        case .rowProductsWithItself: try computation.rowProducts(x[0], x[0])
        case .pairProducts, .pairSums, .softmaxOverKeys, .softmaxOverQueries, .filterPairs, .levelPairs:
            try pairs(x, PairGroups(queryLengths: Self.queries, keyLengths: Self.keys), on: computation)
        case .pairProductsOfOneGroup:
            try computation.pairProducts(x[0], x[0], PairGroups(queryLengths: [4], keyLengths: [4]), scale: 1)
        case .boundedSum: try computation.boundedSum(x[0], x[1], limit: 0.1, lengths: [1, 0, 3])
        case .looseSum: try computation.boundedSum(x[0], x[1], limit: 40, lengths: [1, 3])
        case .sample:
            try computation.add(
                computation.sample(x[0], logVariance: x[1]), computation.sample(x[1], logVariance: x[0]))
        case .windows: try computation.windows(x[0], WindowShape(count: 2, height: 3, width: 4))
        case .windowsByTwo: try computation.windows(x[0], WindowShape(count: 2, height: 3, width: 4, stride: 2))
        case .convolveChannels:
            try computation.convolveChannels(
                x[0], channels, WindowShape(count: 2, height: 3, width: 4), .identity)
        case .convolveChannelsByTwo:
            try computation.convolveChannels(
                x[0], channels, WindowShape(count: 2, height: 4, width: 3, stride: 2), .relu6)
        case .concatenateColumns: try computation.concatenateColumns([x[0], x[1], x[0]])
        case .concatenateRows: try computation.concatenateRows([x[1], x[0], x[1]])
        case .dropout:
            try computation.add(
                computation.multiply(computation.dropout(x[0], rate: dropout), x[1]),
                computation.dropout(x[1], rate: dropout))
        case .block: try block(x[0], x[1], on: computation)
        case .constant:
            try computation.multiply(x[0], numbers(on: computation))
        }
    }

    private func pairs<C: Computation>(
        _ x: [C.Value], _ groups: PairGroups, on computation: C
    ) throws -> C.Value {
        switch operation {
        case .pairProducts: try computation.pairProducts(x[0], x[1], groups, scale: 0.5)
        case .pairSums: try computation.pairSums(x[0], x[1], groups)
        case .softmaxOverKeys: try computation.pairSoftmax(x[0], groups, over: .keys)
        case .softmaxOverQueries: try computation.pairSoftmax(x[0], groups, over: .queries)
        case .levelPairs: try computation.levelPairs(x[0], groups, by: x[1])
        default:
            try computation.filterPairs(
                x[0], groups, threshold: computation.apply(.sigmoid, x[1]), temperature: 0.4, epsilon: 0.2)
        }
    }

    private func numbers<C: Computation>(on computation: C) throws -> C.Value {
        let numbers = (0..<20).map { Float($0) / 7 - 1 }
        return try computation.constant(rows: 4, columns: 5, numbers.span)
    }

    private func block<C: Computation>(_ x: C.Value, _ y: C.Value, on computation: C) throws -> C.Value {
        try computation.block(replacing: nil) { () throws(ShapeError) in
            let sum = try computation.add(x, y)
            return try computation.multiply(sum, computation.subtract(x, y))
        }
    }
}
