/// Queries look at words and at what is shown; each is a mention or none.
package enum MQSPN: FusionMethod {
    package typealias Part = WordsAlone
    package typealias Head = QuerySetHead
    package static let name = "mqspn"
    package static let summary = "a set of queries that look at words and evidence, each of them a mention or none"
    package static let paper =
        "MQSPN (AAAI 2025); regions by what grounds mentions, queries look at text and evidence in one layer"
}
