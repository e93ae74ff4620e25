// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/envelope/EnvelopeReader.h"
#include "core/identity/IdentityConfig.h"

#include <functional>
#include <memory>

namespace weir {

/// What CaptureSession::Options::tokenChecker wants: makes a checker whose TokenVerifier runs as long as the
/// checker (or a copy of it) lives. `clock` must outlive them.
[[nodiscard]] std::function<TokenChecker(std::shared_ptr<Names>)> tokenChecking(IdentityConfig config,
                                                                                Clock& clock);

} // namespace weir
