import Testing

/// Keeps `man/gmner.1` in step with the program.
@Suite struct WorkbenchManualTests {
    private let page: ManualPage

    init() throws {
        page = try ManualPage("gmner.1")
    }

    @Test func everySubcommandHasItsFlagsAndOperandsDescribed() async throws {
        let subcommands = try await ProgramHelp.of("gmner").subcommands?.filter { $0.commandName != "help" } ?? []
        #expect(subcommands.count > 5)
        #expect(page.subsections(of: "SUBCOMMANDS").sorted() == subcommands.map(\.commandName).sorted())
        for subcommand in subcommands {
            let lines = page.subsection(subcommand.commandName, of: "SUBCOMMANDS")
            // Help is the same everywhere, and told once.
            let flags = subcommand.flags.filter { $0 != "-h" && $0 != "--help" }
            #expect(ManualPage.flags(describedIn: lines).sorted() == flags.sorted(), "\(subcommand.commandName)")
            let synopsis = lines.prefix { $0 != ".Pp" }
            #expect(synopsis.first == ".Nm gmner \(subcommand.commandName)")
            let operands = synopsis.filter { $0.hasPrefix(".Ar ") }
                .flatMap { $0.split(separator: " ").dropFirst().map(String.init) }
            #expect(operands == subcommand.operands, "\(subcommand.commandName)")
        }
    }

    @Test func theExamplesWork() async throws { try await page.expectExamplesWork(atLeast: 3) }

    @Test func mandocHasNothingToSay() async throws { try await page.expectMandocHasNothingToSay() }
}
