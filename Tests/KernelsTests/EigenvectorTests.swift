import Glibc
import Kernels
import Testing

@Suite struct EigenvectorTests {
    /// Twos on the diagonal and ones beside it: `sin(ijπ / (n + 1))` are its eigenvectors.
    private func chain(_ size: Int, _ sign: Float = 1) -> [Float] {
        (0..<size * size).map { place in
            switch abs(place / size - place % size) {
            case 0: 2 * sign
            case 1: sign
            default: 0
            }
        }
    }

    private func sine(_ number: Int, _ size: Int) -> [Float] {
        (1...size).map {
            Float((2 / Double(size + 1)).squareRoot() * sin(Double($0 * number) * .pi / Double(size + 1)))
        }
    }

    @Test(arguments: [1, 2, 3, 7, 15]) func aChainsVectorsAreSines(_ size: Int) throws {
        let count = min(size, 3)
        let vectors = try leadingEigenvectors(of: chain(size), size: size, count: count)
        #expect(vectors.count == count * size)
        for number in 0..<count {
            let (found, right) = (vectors[number * size..<(number + 1) * size], sine(number + 1, size))
            // Either of its signs.
            let cosine = zip(found, right).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            #expect(abs(abs(cosine) - 1) < 1e-5)
            #expect(zip(found, right).allSatisfy { abs($0 - $1 * cosine) < 1e-4 })
        }
    }

    @Test func ofAllNegativeOnesTheLargestComesFirst() throws {
        let size = 5
        let vectors = try leadingEigenvectors(of: chain(size, -1), size: size, count: size)
        #expect(abs(zip(vectors, sine(size, size)).reduce(Float(0)) { $0 + $1.0 * $1.1 }) > 0.9999)
    }

    /// A matrix of ones has one direction, a matrix of zeros none: what is not there is zeros.
    @Test func whatIsNotThereIsZeros() throws {
        let size = 12
        let ones = try leadingEigenvectors(of: [Float](repeating: 1, count: size * size), size: size, count: 3)
        #expect(ones[..<size].allSatisfy { abs(abs($0) - 1 / Float(size).squareRoot()) < 1e-5 })
        #expect(ones[size...].allSatisfy { $0 == 0 })
        let zeros = try leadingEigenvectors(of: [Float](repeating: 0, count: size * size), size: size, count: 2)
        #expect(zeros == [Float](repeating: 0, count: 2 * size))
        #expect(try leadingEigenvectors(of: [], size: 0, count: 0).isEmpty)
    }

    @Test func theSameMatrixHasTheSameVectors() throws {
        let matrix = chain(30)
        #expect(
            try leadingEigenvectors(of: matrix, size: 30, count: 3)
                == leadingEigenvectors(of: matrix, size: 30, count: 3))
    }

    @Test func shapesAreChecked() {
        #expect(throws: ShapeError.self) { try leadingEigenvectors(of: [1, 2], size: 2, count: 1) }
        #expect(throws: ShapeError.self) { try leadingEigenvectors(of: [1], size: 1, count: 2) }
        #expect(throws: ShapeError.self) { try leadingEigenvectors(of: [1], size: 1, count: -1) }
    }
}
