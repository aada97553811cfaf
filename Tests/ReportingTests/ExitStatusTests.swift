import Testing

@testable import Reporting

@Suite struct ExitStatusTests {
    @Test("The numbers are those of the manuals")
    func numbers() {
        let statuses: [Reporting.ExitStatus] = [
            .success, .recordsFailed, .usage, .data, .noInput, .internalFault, .outputFailed, .signal(15),
        ]
        #expect(statuses.map(\.code) == [0, 1, 64, 65, 66, 70, 74, 143])
    }
}
