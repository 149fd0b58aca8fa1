using System.Collections.Immutable;
using Ambient.Mesh.Policies;

namespace Ambient.Mesh.LocalFile;

/// <summary>Reads the matches of a policy (node-proxy 9.6). The innermost objects of a policy file.</summary>
internal static class PolicyMatchReader
{
    private static readonly ObjectSchema<MatchDraft> Schema = new("a match", [], new()
    {
        ["namespaces"] = static (reader, draft) => draft.Match = draft.Match with { Namespaces = ReadStrings(reader) },
        ["notNamespaces"] = static (reader, draft) => draft.Match = draft.Match with { NotNamespaces = ReadStrings(reader) },
        ["principals"] = static (reader, draft) => draft.Match = draft.Match with { Principals = ReadStrings(reader) },
        ["notPrincipals"] = static (reader, draft) => draft.Match = draft.Match with { NotPrincipals = ReadStrings(reader) },
        ["serviceAccounts"] = static (reader, draft) => draft.Match = draft.Match with { ServiceAccounts = ReadAccounts(reader) },
        ["notServiceAccounts"] = static (reader, draft) => draft.Match = draft.Match with { NotServiceAccounts = ReadAccounts(reader) },
        ["sourceIps"] = static (reader, draft) =>
            draft.Match = draft.Match with { SourceIps = reader.ReadValues("sourceIps", MeshValues.ReadPrefix) },
        ["notSourceIps"] = static (reader, draft) =>
            draft.Match = draft.Match with { NotSourceIps = reader.ReadValues("notSourceIps", MeshValues.ReadPrefix) },
        ["destinationIps"] = static (reader, draft) =>
            draft.Match = draft.Match with { DestinationIps = reader.ReadValues("destinationIps", MeshValues.ReadPrefix) },
        ["notDestinationIps"] = static (reader, draft) =>
            draft.Match = draft.Match with { NotDestinationIps = reader.ReadValues("notDestinationIps", MeshValues.ReadPrefix) },
        ["destinationPorts"] = static (reader, draft) => draft.Match = draft.Match with { DestinationPorts = ReadPorts(reader) },
        ["notDestinationPorts"] = static (reader, draft) => draft.Match = draft.Match with { NotDestinationPorts = ReadPorts(reader) },
    });

    private static readonly ObjectSchema<StringMatchDraft> StringSchema = new("a string match", [], new()
    {
        ["Exact"] = static (reader, draft) => draft.Set(StringMatchKind.Exact, reader.ReadText("Exact")),
        ["Prefix"] = static (reader, draft) => draft.Set(StringMatchKind.Prefix, reader.ReadText("Prefix")),
        ["Suffix"] = static (reader, draft) => draft.Set(StringMatchKind.Suffix, reader.ReadText("Suffix")),
        ["Presence"] = static (reader, draft) => draft.Set(StringMatchKind.Presence, ReadPresence(reader)),
    });

    private static readonly ObjectSchema<AccountDraft> AccountSchema = new("a service account", ["namespace", "serviceAccount"], new()
    {
        ["namespace"] = static (reader, draft) => draft.Namespace = reader.ReadText("namespace"),
        ["serviceAccount"] = static (reader, draft) => draft.ServiceAccount = reader.ReadText("serviceAccount"),
    });

    public static PolicyMatch? Read(YamlReader reader)
    {
        MatchDraft draft = new();
        return reader.ReadObject(Schema, draft) ? draft.Match : null;
    }

    private static ImmutableArray<StringMatch> ReadStrings(YamlReader reader) => reader.ReadValues("a list of string matches", ReadString);

    private static ImmutableArray<ushort> ReadPorts(YamlReader reader) =>
        reader.ReadValues("a list of ports", static item => item.ReadPort("a port"));

    private static ImmutableArray<ServiceAccountMatch> ReadAccounts(YamlReader reader) =>
        reader.ReadValues<ServiceAccountMatch>("a list of service accounts", static item =>
        {
            AccountDraft draft = new();
            return item.ReadObject(AccountSchema, draft) && draft is { Namespace: { } @namespace, ServiceAccount: { } account }
                ? new ServiceAccountMatch(@namespace, account)
                : null;
        });

    private static StringMatch? ReadString(YamlReader reader)
    {
        YamlDotNet.Core.Mark where = reader.Position;
        StringMatchDraft draft = new();
        if (!reader.ReadObject(StringSchema, draft))
        {
            return null;
        }

        if (draft.Count != 1)
        {
            reader.Report(where, "a string match has exactly one of Exact, Prefix, Suffix, Presence");
            return null;
        }

        return draft.Match;
    }

    private static string ReadPresence(YamlReader reader)
    {
        reader.ReadList<string>("Presence", static item =>
        {
            item.ReportKind("Presence", "an empty list");
            return null;
        });
        return string.Empty;
    }

    private sealed class MatchDraft
    {
        public PolicyMatch Match { get; set; } = new();
    }

    private sealed class StringMatchDraft
    {
        public int Count { get; private set; }

        public StringMatch? Match { get; private set; }

        public void Set(StringMatchKind kind, string? value)
        {
            Count++;
            Match = value is null ? null : new StringMatch(kind, value);
        }
    }

    private sealed class AccountDraft
    {
        public string? Namespace { get; set; }

        public string? ServiceAccount { get; set; }
    }
}
