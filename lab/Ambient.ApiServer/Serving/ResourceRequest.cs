using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>Which objects a path is about.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Namespace">"" for all namespaces, or a kind without them.</param>
/// <param name="Name">"" for the collection.</param>
/// <param name="Subresource">"" for the object itself.</param>
internal sealed record ResourceRequest(ServedKind Kind, string Namespace, string Name, string Subresource)
{
    /// <returns>Null when the path is none of an object: a document of the server, or nothing.</returns>
    /// <exception cref="ApiException">404: no such kind is served.</exception>
    public static ResourceRequest? Parse(string path, KindCatalogue kinds)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        (string group, string version, string[] rest) = parts switch
        {
            ["api", { } core, .. { Length: > 0 } below] => ("", core, below),
            ["apis", { } name, { } number, .. { Length: > 0 } below] => (name, number, below),
            _ => ("", "", []),
        };
        if (rest.Length == 0)
        {
            return null;
        }

        string space = "";
        if (rest is ["namespaces", { } within, { } plural, ..] && kinds.Find(group, version, plural) is { Namespaced: true })
        {
            space = within;
            rest = rest[2..];
        }

        ServedKind kind = kinds.Find(group, version, rest[0])
            ?? throw ApiException.NotFound("the server could not find the requested resource");
        return rest.Length <= 3
            ? new ResourceRequest(kind, space, rest.ElementAtOrDefault(1) ?? "", rest.ElementAtOrDefault(2) ?? "")
            : throw ApiException.NotFound("the server could not find the requested resource");
    }
}
