// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Dictionary.h"
#include "core/topology/SubjectTree.h"

#include <map>
#include <string>

namespace weir::test {

/// Feeds a tree subject by subject, giving ids as a capture does.
class SubjectFeed
{
public:
    explicit SubjectFeed(SubjectTree& tree) : m_tree(tree) {}

    void add(const std::string& subject, int count = 1, std::uint32_t bytes = 100)
    {
        auto batch = std::make_shared<Batch>();
        for (int i = 0; i < count; ++i)
            batch->messages.push_back(make(subject, bytes));
        m_tree.consume(batch);
    }
    Message make(const std::string& subject, std::uint32_t bytes = 100)
    {
        Message message;
        message.time = time;
        message.subject = m_subjects.intern(subject);
        message.subjectName = m_subjects.name(message.subject);
        message.payloadSize = bytes;
        return message;
    }

    Timestamp time = fromUnixNanos(1'800'000'000'000'000'000);

private:
    SubjectTree& m_tree;
    Dictionary<SubjectId> m_subjects;
};

/// The node with this path; kind Root (the root itself) where there is none.
inline SubjectNode nodeAt(const SubjectTree& tree, const std::string& path)
{
    SubjectNode at = tree.root();
    for (bool deeper = true; deeper && at.path != path;) {
        deeper = false;
        for (const SubjectNode& child : tree.children(at.id, SubjectSort::Name, 0, SIZE_MAX).nodes) {
            const bool group = child.kind == SubjectNode::Kind::System && path.starts_with('$');
            if (group || path == child.path || path.starts_with(child.path + ".")) {
                at = child;
                deeper = true;
                break;
            }
        }
    }
    return at.path == path ? at : tree.root();
}

} // namespace weir::test
