import Model
import Synchronization

/// AdamW (Loshchilov & Hutter 2019) over the summed gradients of several shards.
///
/// Tables are updated lazily: only rows that this step looked up change, their moments included. All work is cut
/// into fixed pieces, each finished by one worker, and sums run in the order of shards and pieces, so that the
/// outcome does not depend on the number of workers.
package final class AdamW: Sendable {
    let parameters: TrainableParameters
    let groups: [ParameterGroup]
    let settings: OptimizerSettings
    /// First and second moments, laid out as the parameters are.
    let first: FloatBuffer
    let second: FloatBuffer
    private let pieces: [Piece]
    private let tables: [Parameter]

    /// A run of one dense parameter that one worker takes in one go.
    private struct Piece {
        let parameter: Parameter
        let range: Range<Int>
    }

    /// - Parameter groups: one for each parameter of the layout.
    package init(
        _ parameters: TrainableParameters, groups: [ParameterGroup], settings: OptimizerSettings = OptimizerSettings()
    ) {
        precondition(groups.count == parameters.layout.entries.count)
        self.parameters = parameters
        self.groups = groups
        self.settings = settings
        first = FloatBuffer(count: parameters.count)
        second = FloatBuffer(count: parameters.count)
        var pieces: [Piece] = []
        for entry in parameters.layout.entries where entry.kind != .table && !parameters.isFrozen(entry.parameter) {
            for start in stride(from: 0, to: entry.parameter.count, by: 1 << 16) {
                let end = min(start + 1 << 16, entry.parameter.count)
                pieces.append(Piece(parameter: entry.parameter, range: start..<end))
            }
        }
        self.pieces = pieces
        tables = parameters.layout.entries.filter { $0.kind == .table }.map(\.parameter)
            .filter { !parameters.isFrozen($0) }
    }

    /// Sums the gradients of all shards up in the first one; returns the norm of the sum, before clipping.
    ///
    /// - Throws: ``EndlessGradient`` where that is NaN, or its square beyond Float. Clipping would make of NaN a factor of
    ///   1, and the step would write it into every parameter.
    func sum(_ shards: [GradientStore], pool: WorkerPool) throws(EndlessGradient) -> Float {
        let squares = Mutex(Array(repeating: 0.0, count: pieces.count))
        let shards = ShardList(shards)
        pool.run(pieces.count) { index in
            let sum = self.reduce(self.pieces[index], shards.stores)
            squares.withLock { $0[index] = sum }
        }
        for piece in pieces where shards.stores.contains(where: { $0.hasValue(piece.parameter) }) {
            shards.stores[0].markWritten(piece.parameter)
        }
        let ofPieces = squares.withLock { $0 }
        let ofTables = tables.map { reduceTable($0, shards.stores) }
        let square = ofTables.reduce(ofPieces.reduce(0, +), +)
        guard square <= Double(Float.greatestFiniteMagnitude) else {
            let all = zip(pieces.map(\.parameter) + tables, ofPieces + ofTables).sorted { $0.0.index < $1.0.index }
            let worst = all.first { $1.isNaN } ?? all.max { $0.1 < $1.1 }
            throw EndlessGradient(
                norm: square.squareRoot().magnitude, parameter: worst.map { name(of: $0.0) } ?? "nothing")
        }
        return Float(square.squareRoot())
    }

    /// One update from what ``sum(_:pool:)`` left in the first shard, and returned. The shards' contents are used up.
    ///
    /// - Parameters:
    ///   - step: number of this update, from 0.
    ///   - rate: the schedule's factor.
    func update(_ shards: [GradientStore], norm: Float, step: Int, rate: Float, pool: WorkerPool) {
        let scale = settings.clip > 0 ? min(1, settings.clip / (norm + 1e-6)) : 1
        let moment = Moment(settings, step: step, gradientScale: scale)
        let shards = ShardList(shards)
        pool.run(pieces.count) { index in
            let piece = self.pieces[index]
            guard shards.stores[0].hasValue(piece.parameter) else { return }
            let gradient = shards.stores[0].block(piece.parameter).part(piece.range)
            self.apply(moment, piece.parameter, piece.range, gradient.span, rate: rate)
        }
        for table in tables { applyTable(moment, table, shards.stores[0], rate: rate) }
    }

    private func name(of parameter: Parameter) -> String {
        parameters.layout.entries[parameter.index].names.joined(separator: ", ")
    }

    /// Sums a piece over the shards into the first one; returns its sum of squares.
    private func reduce(_ piece: Piece, _ shards: [GradientStore]) -> Double {
        let owners = shards.filter { $0.hasValue(piece.parameter) }
        guard let owner = owners.first else { return 0 }
        let target = shards[0].block(piece.parameter).part(piece.range)
        if owner !== shards[0] { target.copy(from: owner.block(piece.parameter).part(piece.range)) }
        for other in owners.dropFirst() { target.add(other.block(piece.parameter).part(piece.range)) }
        return target.sumOfSquares
    }

    private func reduceTable(_ table: Parameter, _ shards: [GradientStore]) -> Double {
        guard let target = shards[0].rows(table) else { return 0 }
        for shard in shards.dropFirst() {
            if let rows = shard.rows(table) { target.add(rows) }
        }
        return target.values.reduce(0) { $0 + Double($1) * Double($1) }
    }

    private func applyTable(_ moment: Moment, _ table: Parameter, _ shard: GradientStore, rate: Float) {
        guard let touched = shard.rows(table) else { return }
        let gradients = touched.values
        for (slot, row) in touched.rows.enumerated() {
            let start = Int(row) * table.columns
            let from = slot * table.columns
            apply(
                moment, table, start..<start + table.columns,
                gradients.span.extracting(from..<from + table.columns), rate: rate)
        }
    }

    private func apply(
        _ moment: Moment, _ parameter: Parameter, _ range: Range<Int>, _ gradient: Span<Float>, rate: Float
    ) {
        let group = groups[parameter.index]
        let start = parameters.range(parameter).lowerBound
        let place = start + range.lowerBound..<start + range.upperBound
        var values = parameters.values[place]
        var first = first[place]
        var second = second[place]
        var valueSpan = values.mutableSpan
        var firstSpan = first.mutableSpan
        var secondSpan = second.mutableSpan
        moment.apply(
            values: &valueSpan, first: &firstSpan, second: &secondSpan, gradient: gradient,
            rate: group.rate * rate, decay: group.decay)
    }
}

/// The constants of one step, and the arithmetic.
private struct Moment {
    let beta1: Float
    let beta2: Float
    let epsilon: Float
    let correction1: Float
    let correction2: Float
    let gradientScale: Float

    init(_ settings: OptimizerSettings, step: Int, gradientScale: Float) {
        beta1 = settings.beta1
        beta2 = settings.beta2
        epsilon = settings.epsilon
        self.gradientScale = gradientScale
        var power1 = 1.0
        var power2 = 1.0
        // Powers by multiplication: exact enough in Double, and the same on every machine. They vanish long before 20,000.
        for _ in 0...min(step, 20_000) {
            power1 *= Double(settings.beta1)
            power2 *= Double(settings.beta2)
        }
        correction1 = Float(1 / (1 - power1))
        correction2 = Float((1 / (1 - power2)).squareRoot())
    }

    func apply(
        values: inout MutableSpan<Float>, first: inout MutableSpan<Float>, second: inout MutableSpan<Float>,
        gradient: Span<Float>, rate: Float, decay: Float
    ) {
        let count = gradient.count
        precondition(values.count == count && first.count == count && second.count == count)
        let keep = 1 - rate * decay
        let rise1 = 1 - beta1
        let rise2 = 1 - beta2
        let pace = rate * correction1
        for index in 0..<count {
            let slope = unsafe gradient[unchecked: index] * gradientScale
            let mean = unsafe first[unchecked: index] * beta1 + slope * rise1
            let square = unsafe second[unchecked: index] * beta2 + slope * slope * rise2
            unsafe first[unchecked: index] = mean
            unsafe second[unchecked: index] = square
            let value = unsafe values[unchecked: index] * keep
            unsafe values[unchecked: index] = value - pace * mean / (square.squareRoot() * correction2 + epsilon)
        }
    }
}

/// Shards that several workers read together.
// SAFETY: workers only touch disjoint pieces of the shards' dense gradients; the lists themselves do not change.
private struct ShardList: @unchecked Sendable {
    let stores: [GradientStore]

    init(_ stores: [GradientStore]) { self.stores = stores }
}

/// The gradient of a step is no number any more, or too long for one.
struct EndlessGradient: Error, Equatable {
    /// Its norm.
    let norm: Double
    /// What files call the parameter that is to blame: the first with NaN, or else the one with the longest gradient.
    let parameter: String
}
