using Ambient.Mesh.Policies;

namespace Ambient.Mesh.LocalFile;

/// <summary>Reads the policies of a local file (node-proxy 9.6, 9.9).</summary>
internal static class PolicyReader
{
    private static readonly ObjectSchema<PolicyDraft> Schema =
        new("a policy", ["name", "namespace", "scope", "action", "rules", "dryRun"], new()
        {
            ["name"] = static (reader, draft) => draft.Name = reader.ReadText("name"),
            ["namespace"] = static (reader, draft) => draft.Namespace = reader.ReadText("namespace"),
            ["scope"] = static (reader, draft) => draft.Scope = reader.ReadChoice(
                "scope",
                ("Global", PolicyScope.Global),
                ("Namespace", PolicyScope.Namespace),
                ("WorkloadSelector", PolicyScope.WorkloadSelector)),
            ["action"] = static (reader, draft) => draft.Action =
                reader.ReadChoice("action", ("Allow", PolicyAction.Allow), ("Deny", PolicyAction.Deny)),
            ["rules"] = static (reader, draft) => draft.Rules = reader.ReadList("rules", static rule => new PolicyRule(
                rule.ReadList("a rule", static clause => new PolicyClause(
                    clause.ReadList("a clause", PolicyMatchReader.Read))))),
            ["dryRun"] = static (reader, draft) => draft.DryRun = reader.ReadFlag("dryRun"),
        });

    public static PolicyDraft? Read(YamlReader reader)
    {
        PolicyDraft draft = new() { Start = reader.Position };
        return reader.ReadObject(Schema, draft) ? draft : null;
    }
}
