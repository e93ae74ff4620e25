// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ProfileEntries.h"

#include "core/broker/NatsContexts.h"
#include "core/broker/ProfileStore.h"

#include <QDir>
#include <QStandardPaths>

namespace weir {

namespace {

ProfileEntry entryOf(ProfileEntry::Origin origin, const std::string& name,
                     const Result<LoadedProfile>& loaded)
{
    ProfileEntry entry;
    entry.origin = origin;
    if (loaded) {
        entry.profile = loaded->profile;
        for (const std::string& warning : loaded->warnings)
            entry.warnings += QString::fromStdString(warning);
    } else {
        entry.problem = QString::fromStdString(loaded.error().line());
    }
    entry.profile.name = name;
    return entry;
}

} // namespace

bool ProfileEntry::matches(const QString& needle) const
{
    const QString text = name() + QLatin1Char(' ') + QString::fromStdString(profile.description) +
                         QLatin1Char(' ') + QString::fromStdString(profile.urlsForPeople());
    return text.contains(needle.trimmed(), Qt::CaseInsensitive);
}

QList<ProfileEntry> readProfileEntries()
{
    QList<ProfileEntry> entries;
    const ProfileStore store;
    for (const std::string& name : store.list())
        entries += entryOf(ProfileEntry::Origin::Own, name, store.load(name));
    const NatsContexts contexts;
    const std::string selected = contexts.selected();
    for (const std::string& name : contexts.list()) {
        entries += entryOf(ProfileEntry::Origin::NatsContext, name, contexts.load(name));
        entries.last().selected = name == selected;
    }
    return entries;
}

QString defaultHistoryPath(const QString& profile)
{
    QString name = profile.isEmpty() ? QStringLiteral("weir") : profile;
    for (QChar& c : name) {
        if (!c.isLetterOrNumber() && c != QLatin1Char('-') && c != QLatin1Char('_') && c != QLatin1Char('.'))
            c = QLatin1Char('_');
    }
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation));
    return folder.filePath(name + QStringLiteral(".db"));
}

} // namespace weir
