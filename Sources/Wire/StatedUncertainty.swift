import JSON

/// How unsure a model says that it is of each part of a triple, 0…1 each.
package struct StatedUncertainty: Sendable, Equatable {
    /// Of where the entity begins and ends, and of its being one.
    package var span: Float
    /// Of its type, given the words.
    package var type: Float
    /// Of the box, or of there being none; `nil` where nothing was decided.
    package var region: Float?

    /// Uncertainties, each 0…1.
    package init(span: Float, type: Float, region: Float?) {
        self.span = span
        self.type = type
        self.region = region
    }
}

extension AnswerWriter {
    /// Writes the member `uncertainty`, where there is something to say.
    func write(_ uncertainty: StatedUncertainty?, _ output: inout [UInt8]) {
        guard let uncertainty else { return }
        output.appendLiteral(",\"uncertainty\":{\"span\":")
        output.appendNumber(uncertainty.span, decimals: 4)
        output.appendLiteral(",\"type\":")
        output.appendNumber(uncertainty.type, decimals: 4)
        output.appendLiteral(",\"region\":")
        output.appendNumber(uncertainty.region, decimals: 4)
        output.appendLiteral("}")
    }
}
