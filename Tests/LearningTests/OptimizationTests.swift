import Foundation
@testable import Model
import SystemPackage
import Testing

@testable import Learning
@testable import Files

@Suite("Optimiser, schedule and logs")
struct OptimizationTests {
    @Test("rates by layer, no decay on vectors")
    func groups() {
        var layout = ParameterLayout()
        _ = layout.table("text.embeddings.word", rows: 2, width: 2)
        _ = layout.linear("text.encoder.layer.0.dense", inputs: 2, outputs: 2)
        _ = layout.linear("text.encoder.layer.1.dense", inputs: 2, outputs: 2)
        _ = layout.linear("tagger.emissions", inputs: 2, outputs: 2)
        var rates = TaggerRates()
        (rates.encoder, rates.head, rates.layerDecay) = (1, 10, 0.5)
        let groups = ParameterGroups(rates, decay: 0.1)
            .resolve(layout) { $0.hasPrefix("text.") }
        #expect(groups.map(\.rate) == [0.25, 0.5, 0.5, 1, 1, 10, 10])
        #expect(groups.map(\.decay) == [0.1, 0.1, 0, 0.1, 0, 0.1, 0])
    }

    @Test func schedules() {
        let linear = LearningRateSchedule(steps: 10, warmup: 0.2)
        #expect((0..<10).map { linear.factor($0) } == [0.5, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125])
        let cosine = LearningRateSchedule(steps: 8, warmup: 0, decay: .cosine)
        #expect(abs(cosine.factor(0) - 1) < 1e-6)
        #expect(abs(cosine.factor(4) - 0.5) < 1e-6)
        #expect(abs(cosine.factor(8)) < 1e-6)
    }

    @Test("only touched rows of a table change, and the sum of shards is that of one")
    func sparseRows() throws {
        var layout = ParameterLayout()
        let table = layout.table("t", rows: 5, width: 3)
        let matrix = layout.parameter(["m"], rows: 40, columns: 3, .ones, .matrix)
        func result(
            _ contributions: [[(row: Int32, value: Float)]]
        ) throws -> (before: [Float], after: [Float], m: [Float]) {
            let parameters = TrainableParameters(layout: layout, seed: 4)
            let before = parameters.read(table)
            let shards = contributions.map { rows in
                let store = GradientStore(parameters)
                for (row, value) in rows {
                    store.rows(table)?.add([value, 2 * value, -value].span, at: [row])
                    store.accumulator(matrix)[Int(row)] += value
                }
                return store
            }
            let optimizer = AdamW(
                parameters, groups: layout.entries.map { _ in ParameterGroup(rate: 0.1, decay: 0.5) })
            let pool = WorkerPool(workers: 2)
            optimizer.update(shards, norm: try optimizer.sum(shards, pool: pool), step: 0, rate: 1, pool: pool)
            return (before, parameters.read(table), parameters.read(matrix))
        }
        let one = try result([[(1, 0.5), (3, 0.25), (1, 0.25)]])
        let split = try result([[(1, 0.5)], [(3, 0.25), (1, 0.25)]])
        #expect(one.after == split.after)
        #expect(one.m == split.m)
        for row in 0..<5 {
            let range = row * 3..<row * 3 + 3
            #expect((one.before[range] == one.after[range]) == (row != 1 && row != 3))
        }
        // One step of Adam from rest moves by the rate against the sign, after the decay.
        #expect(abs(one.after[3] - (one.before[3] * 0.95 - 0.1)) < 1e-5)
        #expect(abs(one.after[5] - (one.before[5] * 0.95 + 0.1)) < 1e-5)
    }

    @Test(
        "a gradient without a norm is refused, and its parameter named", arguments: [Float.nan, -Float.infinity, 1e20])
    func endlessGradients(_ value: Float) throws {
        var layout = ParameterLayout()
        let table = layout.table("t", rows: 3, width: 2)
        let matrix = layout.linear("a", "b", inputs: 3, outputs: 4).weight
        let vector = layout.at("part") { $0.layerNorm("norm", width: 40, epsilon: 1e-6).scale }
        for (parameter, name) in [(table, "t.weight"), (matrix, "a.weight, b.weight"), (vector, "part.norm.weight")] {
            let parameters = TrainableParameters(layout: layout, seed: 4)
            let stores = [GradientStore(parameters), GradientStore(parameters)]
            stores[0].accumulator(matrix)[0] = 1
            stores[0].rows(table)?.add([1, 1].span, at: [0])
            if parameter == table {
                stores[1].rows(table)?.add([1, value].span, at: [2])
            } else {
                stores[1].accumulator(parameter)[7] = value
            }
            let optimizer = AdamW(
                parameters, groups: layout.entries.map { _ in ParameterGroup(rate: 0.1, decay: 0.5) })
            let error = #expect(throws: EndlessGradient.self) {
                try optimizer.sum(stores, pool: WorkerPool(workers: 2))
            }
            #expect(error?.parameter == name)
        }
    }

    @Test("an average that has not begun is what there is, and then follows it")
    func average() throws {
        var layout = ParameterLayout()
        let matrix = layout.linear("a", inputs: 3, outputs: 4).weight
        let parameters = TrainableParameters(layout: layout, seed: 4)
        let average = WeightAverage(of: parameters, decay: 0.9)
        let start = parameters.read(matrix)
        #expect(average.parameters.read(matrix) == start)
        let moved = start.map { $0 + 1 }
        parameters.write(matrix, moved.span)
        average.update(from: parameters, step: WeightAverage.interval - 1, pool: WorkerPool(workers: 1))
        #expect(average.parameters.read(matrix) == start)
        average.update(from: parameters, step: WeightAverage.interval, pool: WorkerPool(workers: 1))
        #expect(average.parameters.read(matrix) == moved)
    }

    @Test("the checksum of RFC 3720, appendix B.4")
    func checksum() {
        #expect(CRC32C.of(Array("123456789".utf8)).value == 0xe306_9283)
        #expect(CRC32C.of(Array(repeating: 0, count: 32)).value == 0x8a91_36aa)
        #expect(CRC32C.of((0..<32).map { $0 }).value == 0x46dd_794e)
        var parts = CRC32C()
        unsafe parts.update(Array("1234".utf8).span.bytes)
        unsafe parts.update(Array("56789".utf8).span.bytes)
        #expect(parts.value == 0xe306_9283)
    }

    @Test("an event file as TensorBoard's own writer makes it, byte for byte")
    func events() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("gmner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        let file = try EventFile(directory: FilePath(url.path), wallTime: 1.5)
        try file.write([("train/loss", 0.25), ("train/rate", 2)], step: 300, wallTime: 2.5)
        let got = try Data(contentsOf: url.appendingPathComponent("events.out.tfevents.gmner"))
        let fixture = try #require(
            Bundle.module.url(forResource: "events", withExtension: "tfevents", subdirectory: "Fixtures"))
        #expect(got == (try Data(contentsOf: fixture)))
    }
}
