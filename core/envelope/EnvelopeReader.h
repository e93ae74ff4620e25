// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/RawMessage.h"
#include "core/capture/Message.h"
#include "core/envelope/EnvelopeRules.h"
#include "core/envelope/Names.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir {

/// Takes verification work off the hot path. Called once for each distinct token, on the pipeline thread;
/// must not block. Returns false when its backlog is full (the token then stays claimed).
using TokenChecker = std::function<bool(IdentityId id, std::string token)>;

/// Reads what a message says of itself by the rules, giving ids out of `names`. One thread (the pipeline's).
class EnvelopeReader
{
public:
    /// Where the messages come from: a file that Weir wrote has its secrets redacted already.
    enum class Origin { Broker, File };

    EnvelopeReader(EnvelopeRules rules, std::shared_ptr<Names> names, TokenChecker checkToken,
                   Origin origin = Origin::Broker);
    ~EnvelopeReader();
    EnvelopeReader(EnvelopeReader&&) noexcept;
    EnvelopeReader& operator=(EnvelopeReader&&) noexcept;

    /// read() of a message with this subject follows soon: says where to look, so that the memory is there.
    void expect(std::string_view subject) const;
    /// Fills everything of `out` but seq. Views of `out` point into `raw`'s bytes, into names(), or (headers
    /// with a redacted token) into memory got from `arena`, which returns room for n bytes that lives as long
    /// as the batch. Headers that are not headers (binary rubbish, 10,000 of them) are kept as they are and
    /// read as far as they go.
    void read(const RawMessage& raw, Message& out, const std::function<char*(std::size_t)>& arena);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weir
