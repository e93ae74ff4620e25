// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/Program.h"

#include <QJsonObject>
#include <QSet>
#include <QStringList>
#include <QTemporaryDir>

namespace weir::test {

/// A lab of the test's own (tests/lab), ended with this object, and weir with the lab's contexts.
class Lab
{
public:
    Lab() = default;
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    [[nodiscard]] bool up(const QStringList& arguments);
    [[nodiscard]] bool down();
    [[nodiscard]] bool incident(const QStringList& arguments);
    [[nodiscard]] Program weir(const QStringList& arguments) const;
    /// `--monitor URL` of each server.
    [[nodiscard]] QStringList monitors() const;
    /// `--subject S` of all that Workers publish.
    [[nodiscard]] static QStringList subjects();
    [[nodiscard]] const QJsonObject& described() const { return m_described; } ///< lab.json
    [[nodiscard]] QJsonObject topology() const { return m_described["topology"].toObject(); }
    [[nodiscard]] QString path() const { return m_dir.filePath("lab"); }
    [[nodiscard]] const QByteArray& error() const { return m_error; }

private:
    QTemporaryDir m_dir;
    QJsonObject m_described;
    QByteArray m_error;
};

[[nodiscard]] QStringList texts(const QJsonValue& list);

/// The edges that the lab has, PoPs as one.
[[nodiscard]] QSet<QString> expectedOf(const QJsonObject& topology, bool withBroker);
/// The edges of a graph in the same words: PoPs as one, subjects as lab.json writes them.
[[nodiscard]] QSet<QString> drawnIn(const QJsonObject& graph, const QJsonObject& topology);
[[nodiscard]] QSet<QString> popsOf(const QJsonObject& graph); ///< codes
[[nodiscard]] QByteArray inWords(const QSet<QString>& edges);

/// From each PoP to the Workers that it has.
[[nodiscard]] QSet<QString> popsOfWorkers(const QJsonObject& topology);
[[nodiscard]] QSet<QString> popsDrawn(const QJsonObject& graph);
/// Those that are not drawn though their Worker sent so much that none of its PoPs can have been silent.
[[nodiscard]] QSet<QString> popsMissing(const QJsonObject& graph, const QJsonObject& topology);

} // namespace weir::test
