// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ProfileEntries.h"

#include <QWidget>

class QLineEdit;
class QListWidget;

namespace weir {

/// The brokers that one may choose, with search; the first row is a new one.
class BrokerList : public QWidget
{
    Q_OBJECT
public:
    explicit BrokerList(QList<ProfileEntry> entries, QWidget* parent = nullptr);

    /// The chosen broker; null: a new one.
    [[nodiscard]] const ProfileEntry* current() const;
    /// Chooses by name; an empty or unknown name chooses the CLI's default context, else a new broker.
    void choose(const QString& name);
    void chooseNew();

signals:
    void chosen();

private:
    void fill();

    QList<ProfileEntry> m_entries;
    QLineEdit* m_search;
    QListWidget* m_list;
};

} // namespace weir
