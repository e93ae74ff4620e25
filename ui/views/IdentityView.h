// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/JsonTreeModel.h"
#include "ui/models/MessageDetails.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QTreeView;

namespace weir {

/// Who sent a message and how that is known: the verdict in words, the proof, when the token holds, its
/// decoded claims. gui thread.
class IdentityView : public QWidget
{
    Q_OBJECT
public:
    explicit IdentityView(QWidget* parent = nullptr);
    void setMessage(const MessageDetails* message);
    [[nodiscard]] QString verdict() const;

private:
    QLabel* m_verdict;
    QPlainTextEdit* m_facts; ///< no label: a label cannot break a hash or a key over lines
    QTreeView* m_tree;
    JsonTreeModel m_claims;
};

} // namespace weir
