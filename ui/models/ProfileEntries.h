// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace weir {

/// One broker that the user may choose.
struct ProfileEntry
{
    enum class Origin { NatsContext, Own };

    Origin origin = Origin::Own;
    ConnectionProfile profile;
    QStringList warnings;  ///< what the reader of its file said
    QString problem;       ///< why it cannot be used; empty: it can
    bool selected = false; ///< the `nats` CLI's default context

    [[nodiscard]] QString name() const { return QString::fromStdString(profile.name); }
    /// Found by its name, its description or its URLs.
    [[nodiscard]] bool matches(const QString& needle) const;
};

/// The `nats` CLI's contexts and Weir's own profiles, own ones first. Reads small files; any thread.
[[nodiscard]] QList<ProfileEntry> readProfileEntries();

/// Where a broker's history lies when nobody says where: one file a profile, in the platform's data folder.
[[nodiscard]] QString defaultHistoryPath(const QString& profile);

} // namespace weir
