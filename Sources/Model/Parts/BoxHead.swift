import Glibc
package import Kernels
package import Geometry

/// Draws the box: marks the patches that show the entity, and lets each of them say how far the object that it belongs
/// to reaches.
///
/// Every patch proposes a box, whatever is asked (dense regression as in FCOS, Tian et al. 2019); the entity's mask
/// decides which proposals count, and a perceptron corrects their mean. Both mask and proposals are learned at every
/// patch, which is what makes a frozen encoder's rows pay.
package struct BoxHead: Sendable {
    /// What the head says of entities whose posts have a picture.
    package struct Drawing<Value> {
        /// Logits of each patch showing the entity, `entities × patches`.
        package let masks: Value
        /// Logits of centre x, centre y, width and height as regression says, `entities × 4`.
        package let boxes: Value
        /// Logits of that box overlapping the truth by more than half, `entities × 1`.
        package let trust: Value

        /// The boxes, one an entity.
        package func boxes<C: Computation>(on computation: C) -> [RelativeBox] where C.Value == Value {
            BoxHead.boxes(computation.array(boxes))
        }
    }

    private let centres: [Float]
    let asked: Linear
    let key: Linear
    let extent: Linear
    let proposal: Linear
    let hidden: Linear
    let correction: Linear
    let trust: Linear

    /// Declares the head for states and evidence of `width` columns, at least two, and pictures of `grid × grid` patches.
    package init(width: Int, grid: Int, in layout: inout ParameterLayout) {
        centres = Self.centres(grid: grid, width: width)
        asked = layout.linear("asked", inputs: width, outputs: width)
        key = layout.linear("key", inputs: width, outputs: width)
        extent = layout.linear("extent", inputs: width, outputs: width)
        proposal = layout.linear("proposal", inputs: width, outputs: 4)
        hidden = layout.linear("hidden", inputs: 2 * width + grid * grid, outputs: width)
        correction = layout.linear("correction", inputs: width, outputs: 4)
        trust = layout.linear("trust", inputs: width, outputs: 1)
    }

    /// What each patch knows of the object it belongs to, `rows.rows × width`, and where it is itself: logits of its
    /// centre are added to the first two columns, so that a proposal only has to tell how far the box is from there.
    ///
    /// - Parameter rows: Evidence rows of the patches, whole pictures.
    package func extents<C: Computation>(_ rows: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        let known = try computation.linear(rows, extent, .relu)
        let patches = centres.count / known.columns
        let table = try computation.constant(rows: patches, columns: known.columns, centres.span)
        return try computation.add(known, computation.gather(table, (0..<known.rows).map { Int32($0 % patches) }))
    }

    /// Logits of the centre of each patch of a `grid × grid` picture, in the first two of `width` columns.
    private static func centres(grid: Int, width: Int) -> [Float] {
        (0..<grid * grid).flatMap { place in
            let logits = [place % grid, place / grid].map { step in
                let share = (Float(step) + 0.5) / Float(grid)
                return log(share / (1 - share))
            }
            return logits + [Float](repeating: 0, count: width - logits.count)
        }
    }

    /// The box that each patch proposes, as four logits.
    package func proposals<C: Computation>(_ extents: C.Value, on computation: C) throws(ShapeError) -> C.Value {
        try computation.linear(extents, proposal, .identity)
    }

    /// Draws.
    ///
    /// - Parameters:
    ///   - states: One row an entity, picture by picture.
    ///   - patches: Evidence rows of the pictures' patches, picture by picture, without CLS.
    ///   - extents: ``extents(_:on:)`` of them.
    ///   - entities: Entities of each picture.
    package func draw<C: Computation>(
        _ states: C.Value, patches: C.Value, extents: C.Value, entities: [Int], dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> Drawing<C.Value> {
        let perPicture = patches.rows / max(entities.count, 1)
        let queries = try computation.linear(states, asked, .identity)
        let keys = try computation.linear(patches, key, .identity)
        let masks = try computation.products(
            queries, keys, queryLengths: entities, keysPerGroup: perPicture,
            scale: 1 / Float(queries.columns).squareRoot())
        let marked = try computation.crossAttention(
            queries, computation.concatenateColumns([keys, extents]), heads: 1, queryLengths: entities,
            keyLengths: entities.map { _ in perPicture })
        let known = try computation.concatenateColumns([states, marked, computation.apply(.sigmoid, masks)])
        let inner = try computation.dropout(computation.linear(known, hidden, .gelu), rate: dropout)
        let boxes = try computation.add(
            computation.linear(marked, proposal, .identity), computation.linear(inner, correction, .identity))
        return Drawing(masks: masks, boxes: boxes, trust: try computation.linear(inner, trust, .identity))
    }

    /// The boxes that rows of four logits stand for.
    static func boxes(_ logits: [Float]) -> [RelativeBox] {
        (0..<logits.count / 4).map { box(logits.span.extracting(4 * $0..<4 * $0 + 4)) }
    }

    /// The box that four logits stand for; always inside the picture.
    package static func box(_ logits: Span<Float>) -> RelativeBox {
        let (x, y) = (logistic(logits[0]), logistic(logits[1]))
        let (halfWidth, halfHeight) = (logistic(logits[2]) / 2, logistic(logits[3]) / 2)
        return RelativeBox(
            x1: max(0, x - halfWidth), y1: max(0, y - halfHeight),
            x2: min(1, x + halfWidth), y2: min(1, y + halfHeight))
    }

    /// Whether answering a box beats answering none: it wins with probability `visible · trust`, none with
    /// `1 − visible`, and either way it is one prediction.
    package static func pays(visible: Float, trust: Float) -> Bool {
        visible * trust > 1 - visible
    }
}

/// The logistic function.
package func logistic(_ x: Float) -> Float {
    1 / (1 + exp(-x))
}
