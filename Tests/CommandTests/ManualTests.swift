@testable import Images
import Testing
@testable import Wire

/// Keeps `man/gmner-stream.1` in step with the program.
@Suite struct ManualTests {
    private let page: ManualPage

    init() throws {
        page = try ManualPage("gmner-stream.1")
    }

    @Test func optionsAreTheProgramsFlags() async throws {
        let flags = try await ProgramHelp.of("gmner-stream").flags
        let described = ManualPage.flags(describedIn: page.section("OPTIONS"))
        #expect(described.count > 20)
        #expect(described.sorted() == flags.sorted())
    }

    @Test func everyCodeIsExplained() {
        let explained = page.section("OUTPUT").filter { $0.hasPrefix(".It Li ") }
            .flatMap { $0.dropFirst(".It Li ".count).split(separator: " , ").map(String.init) }
        let codes =
            RecordError.Code.allCases.map(\.rawValue) + ImageError.Code.allCases.map(\.rawValue)
            + RegionFault.allCases.map(\.rawValue)
        for code in codes {
            #expect(explained.contains(code), "\(code)")
        }
    }

    @Test func everyExitStatusIsExplained() {
        let explained = page.section("EXIT STATUS").filter { $0.hasPrefix(".It ") }.map { $0.dropFirst(".It ".count) }
        #expect(explained == ["0", "1", "64", "65", "66", "70", "74", "128+n"])
    }

    @Test func theExamplesWork() async throws { try await page.expectExamplesWork(atLeast: 6) }

    @Test func mandocHasNothingToSay() async throws { try await page.expectMandocHasNothingToSay() }
}
