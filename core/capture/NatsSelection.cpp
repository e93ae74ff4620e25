// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/NatsSelection.h"

#include "core/broker/JetStreamSource.h"
#include "core/broker/NatsSource.h"
#include "core/envelope/Names.h"
#include "core/history/HistoryReader.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

namespace weir {
namespace {

using StreamPlace = std::pair<std::uint64_t, Timestamp>; // sequence and when the stream stored it

} // namespace

Result<std::string> ownConsumer(const std::filesystem::path& history)
{
    const auto reader = HistoryReader::open(history);
    if (!reader)
        return reader.error();
    const auto info = (*reader)->info();
    if (!info)
        return info.error();
    std::array<char, 32> name{};
    (void)std::snprintf(name.data(), name.size(), "weir-%012llx", static_cast<unsigned long long>(info->id));
    return std::string(name.data());
}

Result<StoredMessages> findStored(const std::filesystem::path& history, const std::string& stream,
                                  std::uint64_t floor)
{
    if (!std::filesystem::exists(history))
        return StoredMessages();
    auto reader = HistoryReader::open(history);
    if (!reader)
        return reader.error();
    HistoryQuery query;
    query.columns = Column::StreamSeq | Column::Sent;
    std::vector<StreamPlace> places;
    StoredMessages stored;
    const auto scanned = (*reader)->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            const std::string_view from = batch->names->streams.name(message.stream);
            if (message.streamSeq == 0 || (!from.empty() && from != stream))
                continue;
            if (message.stored > stored.lastStored) {
                stored.lastStored = message.stored;
                stored.last = message.streamSeq;
                stored.lastReceived = message.time;
            }
            if (message.streamSeq > floor)
                places.emplace_back(message.streamSeq, message.stored);
        }
        return true;
    });
    if (!scanned)
        return scanned.error();
    if (places.empty())
        return stored;
    std::sort(places.begin(), places.end());
    stored.holds = [places = std::make_shared<const std::vector<StreamPlace>>(std::move(places))](
                       std::uint64_t seq, Timestamp at) {
        return seq <= places->back().first &&
               std::binary_search(places->begin(), places->end(), StreamPlace(seq, at));
    };
    return stored;
}

namespace {

Result<std::unique_ptr<MessageSource>> streamSource(const NatsSelection& selection,
                                                    const std::filesystem::path& history, Clock& clock)
{
    if (selection.subjects.size() > 1)
        return Error{ErrorCode::Usage, "recording the stream " + selection.stream,
                     "it takes one subject at the most, as its filter", "choose one, or none"};
    JetStreamSource::Options options;
    options.profile = selection.profile;
    options.stream = selection.stream;
    options.consumer = selection.consumer;
    options.ownConsumer = [history] { return ownConsumer(history); };
    if (!selection.subjects.empty())
        options.filterSubject = selection.subjects.front();
    options.retryFirstConnect = selection.retryFirstConnect;
    options.findStored = [history, stream = selection.stream](std::uint64_t floor) {
        return findStored(history, stream, floor);
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
