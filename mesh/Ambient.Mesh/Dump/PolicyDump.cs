using System.Collections.Immutable;
using System.Text.Json;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Policies;

namespace Ambient.Mesh.Dump;

/// <summary>A policy in a configuration dump (node-proxy 9.6).</summary>
internal static class PolicyDump
{
    public static void Write(Utf8JsonWriter writer, AuthorizationPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteString("name", policy.Name);
        writer.WriteString("namespace", policy.Namespace);
        writer.WriteString("scope", policy.Scope.ToString());
        writer.WriteString("action", policy.Action.ToString());
        writer.WriteStartArray("rules");
        foreach (PolicyRule rule in policy.Rules)
        {
            writer.WriteStartArray();
            foreach (PolicyClause clause in rule.Clauses)
            {
                writer.WriteStartArray();
                foreach (PolicyMatch match in clause.Matches)
                {
                    WriteMatch(writer, match);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("dryRun", policy.DryRun);
        writer.WriteEndObject();
    }

    private static void WriteMatch(Utf8JsonWriter writer, PolicyMatch match)
    {
        writer.WriteStartObject();
        WriteList(writer, "namespaces", match.Namespaces, WriteString);
        WriteList(writer, "notNamespaces", match.NotNamespaces, WriteString);
        WriteList(writer, "serviceAccounts", match.ServiceAccounts, WriteAccount);
        WriteList(writer, "notServiceAccounts", match.NotServiceAccounts, WriteAccount);
        WriteList(writer, "principals", match.Principals, WriteString);
        WriteList(writer, "notPrincipals", match.NotPrincipals, WriteString);
        WriteList(writer, "sourceIps", match.SourceIps, WritePrefix);
        WriteList(writer, "notSourceIps", match.NotSourceIps, WritePrefix);
        WriteList(writer, "destinationIps", match.DestinationIps, WritePrefix);
        WriteList(writer, "notDestinationIps", match.NotDestinationIps, WritePrefix);
        WriteList(writer, "destinationPorts", match.DestinationPorts, static (target, port) => target.WriteNumberValue(port));
        WriteList(writer, "notDestinationPorts", match.NotDestinationPorts, static (target, port) => target.WriteNumberValue(port));
        writer.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string key, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (T item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void WriteString(Utf8JsonWriter writer, StringMatch match)
    {
        writer.WriteStartObject();
        if (match.Kind == StringMatchKind.Presence)
        {
            writer.WriteStartArray("Presence");
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString(match.Kind.ToString(), match.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteAccount(Utf8JsonWriter writer, ServiceAccountMatch match)
    {
        writer.WriteStartObject();
        writer.WriteString("namespace", match.Namespace);
        writer.WriteString("serviceAccount", match.ServiceAccount);
        writer.WriteEndObject();
    }

    private static void WritePrefix(Utf8JsonWriter writer, IpPrefix prefix) => writer.WriteStringValue(prefix.ToString());
}
