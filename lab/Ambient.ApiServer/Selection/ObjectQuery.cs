using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Selection;

/// <summary>Which objects of a kind a list or a watch is about.</summary>
/// <param name="namespace">"" for all namespaces.</param>
/// <param name="labels">Null: any.</param>
/// <param name="fields">Null: any.</param>
public sealed class ObjectQuery(string @namespace, LabelQuery? labels, FieldQuery? fields)
{
    /// <exception cref="ApiException">400: a selector cannot be read.</exception>
    public static ObjectQuery Of(string @namespace, IQueryCollection query) => new(
        @namespace,
        query["labelSelector"].ToString() is { Length: > 0 } labels ? LabelQuery.Parse(labels) : null,
        query["fieldSelector"].ToString() is { Length: > 0 } fields ? FieldQuery.Parse(fields) : null);

    /// <summary>"" for all namespaces.</summary>
    public string Namespace { get; } = @namespace;

    /// <summary>Whether every object of the namespace is meant.</summary>
    public bool IsWhole => labels is null && fields is null;

    public bool Matches(StoredObject value)
    {
        if (Namespace.Length > 0 && value.Namespace != Namespace)
        {
            return false;
        }

        if (labels is null && fields is null)
        {
            return true;
        }

        System.Text.Json.Nodes.JsonObject read = value.Look();
        return labels?.Matches(read) != false && fields?.Matches(read) != false;
    }
}
