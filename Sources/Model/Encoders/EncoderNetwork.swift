/// Either encoder, declared.
package enum EncoderNetwork: Sendable {
    case text(TextEncoder)
    case picture(PatchEncoder)

    /// Declares the encoder of a kind.
    init(_ kind: EncoderImport.Kind, in layout: inout ParameterLayout) {
        self =
            switch kind {
            case .text(let configuration): .text(TextEncoder(configuration, in: &layout))
            case .picture(let configuration): .picture(PatchEncoder(configuration, in: &layout))
            }
    }
}
