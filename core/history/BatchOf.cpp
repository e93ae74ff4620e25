// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BatchOf.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kSmallRoom = 4096; ///< bytes that are not worth copying away from
constexpr std::array kViews{&Message::trace, &Message::reply, &Message::headers, &Message::payload};

std::shared_ptr<const std::string> moveOut(std::vector<Message>& messages, std::size_t bytes)
{
    auto room = std::make_shared<std::string>();
    room->reserve(bytes); // so that the views stay
    for (Message& message : messages) {
        for (const auto view : kViews) {
            const std::size_t start = room->size();
            room->append(message.*view);
            message.*view = std::string_view(*room).substr(start);
        }
    }
    return room;
}

} // namespace

std::shared_ptr<const Batch> batchOf(std::vector<Message> messages, std::shared_ptr<const Names> names,
                                     std::shared_ptr<const ByteRoom> storage)
{
    auto batch = std::make_shared<Batch>();
    std::size_t used = 0;
    for (const Message& message : messages) {
        for (const auto view : kViews)
            used += (message.*view).size();
    }
    std::size_t held = 0;
    for (const std::string& bytes : *storage)
        held += bytes.capacity();
    if (held > 2 * used + kSmallRoom) {
        batch->storage = {moveOut(messages, used)};
        held = used;
    } else {
        batch->storage = {std::move(storage)};
    }
    batch->messages = std::move(messages);
    batch->names = std::move(names);
    batch->footprint = held + batch->messages.capacity() * sizeof(Message);
    return batch;
}

} // namespace weir
