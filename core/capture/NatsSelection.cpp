// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/NatsSelection.h"

#include "core/broker/JetStreamSource.h"
#include "core/broker/NatsSource.h"
#include "core/history/HistoryReader.h"

#include <unordered_set>

namespace weir {
namespace {

using StreamSeqs = std::unordered_set<std::uint64_t>;

/// The stream sequences of the newest messages that `history` has of `stream`: at least as many as a consumer
/// may deliver again, which is what it may have unacknowledged.
Result<StreamSeqs> storedSeqs(const std::filesystem::path& history, const std::string& stream,
                              std::uint64_t howMany)
{
    StreamSeqs seqs;
    if (!std::filesystem::exists(history))
        return seqs;
    auto reader = HistoryReader::open(history);
    if (!reader)
        return reader.error();
    auto filter = Filter::parse("stream:\"" + stream + "\"");
    if (!filter)
        return filter.error();
    HistoryQuery query;
    query.filter = *filter;
    query.order = Order::NewestFirst;
    query.limit = howMany;
    query.columns = kEnvelopeOnly;
    const auto scanned = (*reader)->scan(query, {}, [&seqs](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            seqs.insert(message.streamSeq);
        return true;
    });
    if (!scanned)
        return scanned.error();
    return seqs;
}

Result<std::unique_ptr<MessageSource>> streamSource(const NatsSelection& selection,
                                                    const std::filesystem::path& history, Clock& clock)
{
    if (selection.subjects.size() > 1)
        return Error{ErrorCode::Usage, "recording the stream " + selection.stream,
                     "it takes one subject at the most, as its filter", "choose one, or none"};
    JetStreamSource::Options options;
    auto stored = storedSeqs(history, selection.stream, options.maxAckPending);
    if (!stored)
        return stored.error();
    options.profile = selection.profile;
    options.stream = selection.stream;
    options.consumer = selection.consumer;
    if (!selection.subjects.empty())
        options.filterSubject = selection.subjects.front();
    options.retryFirstConnect = selection.retryFirstConnect;
    options.isStored = [seqs = std::make_shared<const StreamSeqs>(*std::move(stored))](std::uint64_t seq) {
        return seqs->contains(seq);
    };
    return std::unique_ptr<MessageSource>(std::make_unique<JetStreamSource>(std::move(options), clock));
}

} // namespace

std::string NatsSelection::inWords() const
{
    std::string words = isStream() ? "stream " + stream : "";
    for (const std::string& subject : subjects)
        words += (words.empty() ? "" : ", ") + subject;
    return words;
}

Result<std::unique_ptr<MessageSource>> makeSource(const NatsSelection& selection,
                                                  const std::filesystem::path& history, Clock& clock)
{
    if (selection.isStream())
        return streamSource(selection, history, clock);
    NatsSource::Options options;
    options.profile = selection.profile;
    options.subjects = selection.subjects;
    options.retryFirstConnect = selection.retryFirstConnect;
    return std::unique_ptr<MessageSource>(std::make_unique<NatsSource>(std::move(options), clock));
}

} // namespace weir
