// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/SubjectProposals.h"

#include <QTreeWidget>

namespace weir {

/// What the checked subjects together bring, as far as it is known.
struct SubjectEstimate
{
    int chosen = 0;
    int known = 0; ///< of the chosen ones
    double messagesPerSecond = 0;
    double bytesPerSecond = 0;
};

/// Subjects with check boxes, the rates to expect and who uses them.
class SubjectList : public QTreeWidget
{
    Q_OBJECT
public:
    explicit SubjectList(QWidget* parent = nullptr);

    /// Adds a row; one that is there already is brought up to date and keeps its check mark.
    void put(const SubjectProposal& proposal, bool checked);
    [[nodiscard]] std::vector<std::string> checked() const;
    [[nodiscard]] SubjectEstimate estimate() const;

private:
    [[nodiscard]] QTreeWidgetItem* rowOf(const QString& subject) const;
};

} // namespace weir
