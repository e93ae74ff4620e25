// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/JsonMessage.h"
#include "core/envelope/EnvelopeReader.h"
#include "core/history/BlockEncoder.h"
#include "core/history/HistoryBuilder.h"
#include "core/history/ImportInput.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

struct ImportedHistory
{
    std::uint64_t messages = 0;
    std::uint64_t blocks = 0;
    std::uint64_t refused = 0;  ///< documents that are no messages
    std::uint64_t unproven = 0; ///< identities that the input calls verified or vouched, claimed here
    std::uint64_t gaps = 0;     ///< that the input tells
    bool coverageKnown = false; ///< the input says what it lacks
    bool sorted = false;        ///< the input was not in the order of time
};

/// Makes a history of JSON documents. Messages get new numbers, in the order of their time. What a document
/// says of its envelope (PoP, identity, …) stands; where it does not speak of a fact, the headers are read by
/// the rules, as in a capture. One thread.
class HistoryImport
{
public:
    struct Options
    {
        EnvelopeRules rules;
        /// Takes the input's word for "verified" and "vouched". Nothing in a JSON file proves them.
        bool keepEvidence = false;
    };
    /// A document that is no message, and why.
    using Tell = std::function<void(const std::string& place, const Error& error)>;
    using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

    HistoryImport(ImportInput& input, HistoryBuilder& to, Options options, Tell tell, Progress progress);
    [[nodiscard]] Result<ImportedHistory> run();

private:
    struct Row
    {
        JsonMessage told;
        Message message;
    };

    [[nodiscard]] Result<void> look();
    [[nodiscard]] Result<void> takeAll();
    [[nodiscard]] Result<void> take(const ImportPlace& place, std::string_view document);
    void refuse(const ImportPlace& place, const Error& error);
    void readFacts(Row& row);
    void readIdentity(Row& row);
    [[nodiscard]] Result<void> addRecording();
    [[nodiscard]] Result<void> write();
    [[nodiscard]] Result<void> addGaps();
    [[nodiscard]] Result<void> settleRecording();

    ImportInput& m_input;
    HistoryBuilder& m_to;
    const Options m_options;
    const Tell m_tell;
    const Progress m_progress;
    JsonMessageReader m_reader;
    EnvelopeReader m_envelope;
    BlockEncoder m_encoder;
    std::vector<ImportPlace> m_order; ///< only where the input is not in order
    std::deque<Row> m_rows;           ///< of the block that is being made
    std::deque<std::string> m_room;   ///< their redacted headers
    std::size_t m_rowBytes = 0;
    std::vector<Gap> m_refusals; ///< at most one: all that was refused
    std::optional<JsonCoverage> m_coverage;
    std::optional<std::string> m_stream; ///< that all messages name; empty where they differ
    std::uint64_t m_bytesIn = 0;
    std::uint64_t m_nextSeq = 1;
    std::uint64_t m_bytesDone = 0;
    Timestamp m_first = kNoTime;
    Timestamp m_last = kNoTime;
    ImportedHistory m_done;
};

} // namespace weir
