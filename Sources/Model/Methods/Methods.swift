/// The methods that there are.
package enum Methods {
    /// All of them, in the order of `gmner methods`.
    package static let all: [any Method.Type] = [
        CRFNone.self,
        GatedFusion.self,
        UMT.self,
        ITA.self,
        Prefix.self,
        DSEHOF.self,
        Minige.self,
        SpanMethod.self,
        MQSPN.self,
        Fine.self,
        GEM.self,
        EvidenceMethod.self,
    ]

    /// The method of that name.
    package static func named(_ name: String) -> (any Method.Type)? {
        all.first { $0.name == name }
    }
}
