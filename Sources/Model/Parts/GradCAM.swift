import Geometry
import Glibc
import Kernels

/// Tells where an entity is from why the gate thinks that it is there, so that no box has to be learned from (GEM, EMNLP 2024
/// Findings, its implicit locator: Grad-CAM, Selvaraju et al. 2017, on cross-attention).
///
/// The heat of a patch is the mean over the heads of `max(∂s/∂A, 0) · A`, with `A` the attention of the entity on that patch in
/// one layer of the evidence reader, and `s` the gate's logit. The entity is one row there, the mean of its words: the mean over
/// an entity's tokens is taken before it looks, not after. A gate that is beyond doubt is a poor guide: more attention on what it has
/// seen raises its logit no further, and slopes there may turn.
package struct GradCAM: Sendable {
    private let configuration: HeatMapConfiguration
    private let reader: EvidenceReader
    private let gate: VisibilityGate
    private let grid: Int

    /// Looks at parts that are declared already; pictures have `grid × grid` patches.
    init(_ configuration: HeatMapConfiguration, reader: EvidenceReader, gate: VisibilityGate, grid: Int) {
        self.configuration = configuration
        self.reader = reader
        self.gate = gate
        self.grid = grid
    }

    /// A pass forward, as far as going backward needs it.
    struct Pass<Value> {
        /// What each layer of the reader did.
        var steps: [EvidenceReader.Step<Value>]
        /// What the gate knew, the states first.
        var known: Value
        /// Entities of each post.
        var entities: [Int]
        /// Rows of evidence of each post.
        var evidence: [Int]
        /// Positions of the entities whose posts have a picture.
        var pictured: [Int32]

        init(
            _ steps: [EvidenceReader.Step<Value>], _ known: Value, _ entities: [Int], _ evidence: [Int],
            _ pictured: [Int32]
        ) {
            (self.steps, self.known) = (steps, known)
            (self.entities, self.evidence, self.pictured) = (entities, evidence, pictured)
        }
    }

    /// The heat of each patch, row by row, for each entity whose post has a picture.
    func maps<C: Computation>(_ pass: Pass<C.Value>, on computation: C) throws(ShapeError) -> [[Float]] {
        guard !pass.pictured.isEmpty else { return [] }
        let slope = try gate.backward(pass.known, states: 0..<reader.configuration.width, on: computation)
        let attention = try reader.backward(
            slope, through: pass.steps, to: (configuration.layer ?? reader.layers.count) - 1, queries: pass.entities,
            evidence: pass.evidence, on: computation)
        let heat = attention.heat()
        // One row of evidence stands for nothing, then come what stands for the whole picture, and the patches.
        let patches = 1 + reader.places - grid * grid..<1 + reader.places
        return pass.pictured.map { Array(heat[Int($0)][patches]) }
    }

    /// What a map says of where the entity is.
    struct Location: Equatable {
        /// The box.
        let box: RelativeBox
        /// Share of the heat that is in it.
        let share: Float

        /// ``share`` as a logit, within ±9.2: what can be calibrated as the trust of a box that was drawn.
        var trust: Float {
            let held = min(max(share, 1e-4), 1 - 1e-4)
            return log(held / (1 - held))
        }
    }

    /// The box around the patches that are hot enough and hang together with the hottest, by their sides, and around other such
    /// components whose mass is large enough beside that one's; `nil` where nothing is hot.
    func locate(_ map: [Float]) -> Location? {
        let top = map.reduce(0, max)
        guard top > 0, top.isFinite, let peak = map.firstIndex(of: top) else { return nil }
        let components = ConnectedComponents.find(
            in: map.map { $0 >= configuration.threshold * top }, width: grid, height: grid)
        let masses = components.map { $0.reduce(Float(0)) { $0 + map[$1] } }
        guard let main = components.firstIndex(where: { $0.contains(peak) }) else { return nil }
        var (rows, columns) = (peak / grid...peak / grid, peak % grid...peak % grid)
        for (component, mass) in zip(components, masses)
        where component.contains(peak) || mass > configuration.merging * masses[main] {
            for place in component {
                rows = min(rows.lowerBound, place / grid)...max(rows.upperBound, place / grid)
                columns = min(columns.lowerBound, place % grid)...max(columns.upperBound, place % grid)
            }
        }
        let inside = rows.reduce(Float(0)) { sum, row in
            columns.reduce(sum) { $0 + map[row * grid + $1] }
        }
        let side = Float(grid)
        return Location(
            box: RelativeBox(
                x1: Float(columns.lowerBound) / side, y1: Float(rows.lowerBound) / side,
                x2: Float(columns.upperBound + 1) / side, y2: Float(rows.upperBound + 1) / side),
            share: inside / map.reduce(0, +))
    }
}
