import Foundation
import Geometry

/// Factor on all learning rates over the steps of a run: linear warm-up, then decay to zero.
package struct LearningRateSchedule: Sendable, Equatable {
    /// How the rate comes down after warm-up.
    package enum Decay: String, Codable, Sendable, CaseIterable {
        case linear
        case cosine
        case constant
    }

    /// Optimiser steps of the whole run.
    package let steps: Int
    /// Steps in which the rate climbs.
    package let warmup: Int
    /// How the rate comes down afterwards.
    package let decay: Decay

    /// - Parameters:
    ///   - steps: optimiser steps of the whole run.
    ///   - warmup: share of them, 0…1, in which the rate climbs.
    package init(steps: Int, warmup: Float, decay: Decay = .linear) {
        self.steps = steps
        self.warmup = Int(Float(steps) * warmup, within: 0...max(steps, 0))
        self.decay = decay
    }

    /// The factor of step `step`, counted from 0.
    package func factor(_ step: Int) -> Float {
        if step < warmup { return Float(step + 1) / Float(warmup) }
        let left = 1 - Float(min(step, steps) - warmup) / Float(max(steps - warmup, 1))
        switch decay {
        case .linear: return left
        case .cosine: return 0.5 - 0.5 * Float(Foundation.cos(Double.pi * Double(left)))
        case .constant: return 1
        }
    }
}
