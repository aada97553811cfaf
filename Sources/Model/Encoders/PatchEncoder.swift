package import Kernels

/// Pictures to rows: a vision transformer (Dosovitskiy et al. 2021; DINOv2: Oquab et al. 2023).
///
/// Pre-norm layers: `x ← x + λ₁ ⊙ attention(norm(x))`, `x ← x + λ₂ ⊙ feedForward(norm(x))`; λ only in DINOv2.
package struct PatchEncoder: Sendable {
    /// One transformer layer.
    struct Layer: Sendable {
        let attentionNorm: LayerNorm
        let queryKeyValue: Linear
        let attended: Linear
        let attentionScale: Parameter?
        let outputNorm: LayerNorm
        let widen: Linear
        let narrow: Linear
        let outputScale: Parameter?
    }

    /// The shape that this encoder was declared with.
    package let configuration: PatchEncoderConfiguration
    let classToken: Parameter
    let registers: Parameter?
    let positions: Parameter
    let patches: Linear
    let layers: [Layer]
    let norm: LayerNorm

    /// Declares the encoder's parameters under Hugging Face's names.
    package init(_ configuration: PatchEncoderConfiguration, in layout: inout ParameterLayout) {
        self.configuration = configuration
        let width = configuration.width
        let start = ParameterLayout.Initial.normal(deviation: 0.02)
        (classToken, registers, positions, patches) = layout.at("embeddings") { layout in
            let classToken = layout.parameter(["cls_token"], rows: 1, columns: width, start, .vector)
            let registers =
                configuration.registerCount > 0
                ? layout.parameter(
                    ["register_tokens"], rows: configuration.registerCount, columns: width, start, .vector) : nil
            let positions = layout.positionTable(
                "position_embeddings", grid: configuration.grid, columns: width, start)
            let patches = layout.linear(
                "patch_embeddings.projection", inputs: configuration.patchColumns, outputs: width)
            return (classToken, registers, positions, patches)
        }
        layers = layout.at("encoder") { layout in
            (0..<configuration.layers).map { index in
                layout.at("layer.\(index)") { Self.layer(configuration, in: &$0) }
            }
        }
        norm = layout.layerNorm("layernorm", width: width, epsilon: configuration.epsilon)
    }

    private static func layer(_ configuration: PatchEncoderConfiguration, in layout: inout ParameterLayout) -> Layer {
        let width = configuration.width
        let inner = configuration.inner
        let plain = configuration.family == .vit
        func scale(_ name: String) -> Parameter? {
            plain ? nil : layout.parameter([name], rows: 1, columns: width, .ones, .vector)
        }
        return Layer(
            attentionNorm: layout.layerNorm(
                plain ? "layernorm_before" : "norm1", width: width, epsilon: configuration.epsilon),
            queryKeyValue: layout.at("attention.attention") {
                $0.linear("query", "key", "value", inputs: width, outputs: 3 * width)
            },
            attended: layout.linear("attention.output.dense", inputs: width, outputs: width),
            attentionScale: scale("layer_scale1.lambda1"),
            outputNorm: layout.layerNorm(
                plain ? "layernorm_after" : "norm2", width: width, epsilon: configuration.epsilon),
            widen: layout.linear(plain ? "intermediate.dense" : "mlp.fc1", inputs: width, outputs: inner),
            narrow: layout.linear(plain ? "output.dense" : "mlp.fc2", inputs: inner, outputs: width),
            outputScale: scale("layer_scale2.lambda1"))
    }

    /// Encodes `count` pictures together: `count · tokens × width`, each picture's CLS row first.
    ///
    /// - Parameter pixels: `count · grid² × 3·patch²`, one row a patch, normalised.
    package func encode<C: Computation>(
        _ pixels: C.Value, count: Int, on computation: C
    ) throws(ShapeError) -> C.Value {
        let perPicture = configuration.grid * configuration.grid
        guard pixels.rows == count * perPicture, pixels.columns == configuration.patchColumns else {
            throw ShapeError(
                "patch encoder", expected: "\(count * perPicture)×\(configuration.patchColumns)",
                got: "\(pixels.rows)×\(pixels.columns)")
        }
        var x = try computation.block(replacing: nil) { () throws(ShapeError) in
            try embed(pixels, count: count, on: computation)
        }
        let lengths = [Int](repeating: configuration.tokens, count: count)
        for layer in layers {
            let input = x
            x = try computation.block(replacing: input) { () throws(ShapeError) in
                try run(layer, input, lengths, on: computation)
            }
        }
        return try computation.normalize(x, norm)
    }

    /// Puts CLS (with its position) and registers (without) before the patches of each picture.
    private func embed<C: Computation>(
        _ pixels: C.Value, count: Int, on computation: C
    ) throws(ShapeError) -> C.Value {
        let perPicture = configuration.grid * configuration.grid
        let projected = try computation.linear(pixels, patches, .identity)
        let places = (0..<count).flatMap { _ in (1...perPicture).map(Int32.init) }
        let placed = try computation.add(projected, computation.gather(positions, places))
        let classRow = try computation.add(
            computation.gather(classToken, [0]), computation.gather(positions, [0]))
        var prefix = [classRow]
        if let registers {
            prefix.append(
                try computation.gather(registers, (0..<configuration.registerCount).map(Int32.init)))
        }
        let stacked = try computation.concatenateRows(prefix + [placed])
        let prefixRows = 1 + configuration.registerCount
        let order = (0..<count).flatMap { picture in
            let first = prefixRows + picture * perPicture
            return Array(0..<prefixRows) + Array(first..<first + perPicture)
        }
        return try computation.gather(stacked, order.map(Int32.init))
    }

    private func run<C: Computation>(
        _ layer: Layer, _ x: C.Value, _ lengths: [Int], on computation: C
    ) throws(ShapeError) -> C.Value {
        let packed = try computation.linear(
            computation.normalize(x, layer.attentionNorm), layer.queryKeyValue, .identity)
        let mixed = try computation.selfAttention(
            packed, heads: configuration.heads, lengths: lengths, relativeBias: nil)
        let middle = try residual(
            x, computation.linear(mixed, layer.attended, .identity), layer.attentionScale, on: computation)
        let wide = try computation.linear(
            computation.normalize(middle, layer.outputNorm), layer.widen, .gelu)
        return try residual(
            middle, computation.linear(wide, layer.narrow, .identity), layer.outputScale, on: computation)
    }

    private func residual<C: Computation>(
        _ x: C.Value, _ y: C.Value, _ scale: Parameter?, on computation: C
    ) throws(ShapeError) -> C.Value {
        guard let scale else { return try computation.add(x, y) }
        return try computation.add(x, y, columnScale: scale)
    }
}
