using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>What the server says of itself: versions, groups, kinds.</summary>
internal sealed class DiscoveryDocuments(KindCatalogue kinds)
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] StatusVerbs = ["get", "patch", "update"];

    /// <returns>Null when the path is none of these documents.</returns>
    public JsonObject? Find(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["version"] => Version(),
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["apis"] => Groups(),
        ["apis", { } group] => Group(group, kinds.All.Where(kind => kind.Group == group)),
        ["api", { } version] => Resources("", version),
        ["apis", { } group, { } version] => Resources(group, version),
        ["openapi", "v3"] => OpenApiDocument.Index(kinds.All),
        ["openapi", "v3", "api", { } version] => OpenApi("", version),
        ["openapi", "v3", "apis", { } group, { } version] => OpenApi(group, version),
        _ => null,
    };

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = "v1.32.0+ambient",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "linux",
    };

    private JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. kinds.All.Where(kind => kind.Group.Length > 0).GroupBy(kind => kind.Group).Select(group => Group(group.Key, group))]),
    };

    private static JsonObject? Group(string name, IEnumerable<ServedKind> of)
    {
        string[] versions = [.. of.Select(kind => kind.Version).Distinct().OrderBy(Age).ThenByDescending(version => version, StringComparer.Ordinal)];
        return versions.Length == 0 ? null : new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions.Select(version => Named(name, version))]),
            ["preferredVersion"] = Named(name, versions[0]),
        };
    }

    // Released versions before betas before alphas.
    private static int Age(string version) =>
        version.Contains("alpha", StringComparison.Ordinal) ? 2 : version.Contains("beta", StringComparison.Ordinal) ? 1 : 0;

    private static JsonObject Named(string group, string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private JsonObject? OpenApi(string group, string version)
    {
        ServedKind[] served = [.. kinds.All.Where(kind => kind.Group == group && kind.Version == version)];
        return served.Length == 0 ? null : OpenApiDocument.Of(served);
    }

    private JsonObject? Resources(string group, string version)
    {
        ServedKind[] served = [.. kinds.All.Where(kind => kind.Group == group && kind.Version == version)];
        return served.Length == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. served.SelectMany(Describe)]),
        };
    }

    private static IEnumerable<JsonObject> Describe(ServedKind kind)
    {
        bool isQuestion = kind == BuiltInKinds.TokenReviews;
        yield return new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Singular,
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = new JsonArray([.. (isQuestion ? ["create"] : Verbs).Select(verb => JsonValue.Create(verb))]),
            ["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => JsonValue.Create(name))]),
            ["categories"] = new JsonArray([.. kind.Categories.Select(name => JsonValue.Create(name))]),
        };
        if (kind.HasStatus && !isQuestion)
        {
            yield return new JsonObject
            {
                ["name"] = kind.Plural + "/status",
                ["singularName"] = "",
                ["namespaced"] = kind.Namespaced,
                ["kind"] = kind.Kind,
                ["verbs"] = new JsonArray([.. StatusVerbs.Select(verb => JsonValue.Create(verb))]),
            };
        }
    }
}
