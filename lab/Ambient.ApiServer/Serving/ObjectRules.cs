using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.ApiServer.Schemas;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>What the server itself writes into an object, and what it refuses.</summary>
internal static partial class ObjectRules
{
    private const int MaxNameLength = 253;

    /// <summary>Makes a new object complete.</summary>
    /// <exception cref="ApiException">400: it has fields that nobody knows, where that is refused; 422: its name or its content is not acceptable.</exception>
    public static JsonObject Create(ServedKind kind, JsonObject value, string @namespace, FieldValidation validation, DateTimeOffset now)
    {
        JsonObject metadata = Identify(kind, value, @namespace);
        if (metadata.Text("name").Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + Guid.NewGuid().ToString("N")[..5];
        }

        RequireName(kind, metadata.Text("name"));
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Time(now);
        metadata["generation"] = 1;
        metadata.Remove("deletionTimestamp");
        if (kind.HasStatus && kind.IsCustom)
        {
            value.Remove("status");
        }

        Complete(kind, value);
        Validate(kind, value, validation);
        return value;
    }

    /// <summary>Makes of a change what may be stored: who the object is stays, and each subresource changes its own part.</summary>
    /// <exception cref="ApiException">409: it was changed in between; 422: its content is not acceptable.</exception>
    public static JsonObject Update(ServedKind kind, StoredObject before, JsonObject value, string subresource, FieldValidation validation)
    {
        JsonObject old = before.Read();
        JsonObject metadata = Identify(kind, value, before.Namespace);
        JsonObject oldMetadata = old.Metadata();
        RequireSame(kind, before, metadata, oldMetadata);
        if (subresource == "status")
        {
            JsonNode? status = value["status"]?.DeepClone();
            JsonNode? managed = metadata["managedFields"]?.DeepClone();
            JsonNode? annotations = metadata["annotations"]?.DeepClone();
            value = old;
            value["status"] = status;
            Restore(value.Metadata(), "managedFields", managed);
            Restore(value.Metadata(), "annotations", annotations);
        }
        else
        {
            if (kind.HasStatus && kind.IsCustom)
            {
                Restore(value, "status", old["status"]?.DeepClone());
            }

            foreach (string name in new[] { "uid", "creationTimestamp", "deletionTimestamp" })
            {
                Restore(metadata, name, oldMetadata[name]?.DeepClone());
            }

            metadata["generation"] = oldMetadata.Number("generation") + (JsonNode.DeepEquals(Spec(old), Spec(value)) ? 0 : 1);
        }

        value.Metadata()["resourceVersion"] = oldMetadata.Text("resourceVersion");
        Validate(kind, value, validation);
        return value;
    }

    /// <summary>An object that is to go but has finalizers is only marked.</summary>
    /// <returns>Null: it goes.</returns>
    public static JsonObject? Delete(StoredObject before, DateTimeOffset now)
    {
        JsonObject value = before.Read();
        JsonObject metadata = value.Metadata();
        if (metadata["finalizers"] is not JsonArray { Count: > 0 })
        {
            return null;
        }

        metadata["deletionTimestamp"] ??= Time(now);
        return value;
    }

    /// <summary>Whether an object was marked and its last finalizer is gone.</summary>
    public static bool IsReleased(JsonObject value) =>
        value.Metadata()["deletionTimestamp"] is not null && value.Metadata()["finalizers"] is not JsonArray { Count: > 0 };

    private static JsonObject Identify(ServedKind kind, JsonObject value, string @namespace)
    {
        if ((value.Text("kind") is { Length: > 0 } said && said != kind.Kind) || (value.Text("apiVersion") is { Length: > 0 } version && version != kind.ApiVersion && version != kind.StoredApiVersion))
        {
            throw ApiException.BadRequest($"the object is a {value.Text("apiVersion")} {value.Text("kind")}, the path is of {kind.ApiVersion} {kind.Kind}");
        }

        value["apiVersion"] = kind.StoredApiVersion;
        value["kind"] = kind.Kind;
        JsonObject metadata = value.Metadata();
        if (kind.Namespaced)
        {
            if (metadata.Text("namespace") is { Length: > 0 } other && other != @namespace)
            {
                throw ApiException.BadRequest($"the namespace of the object ({other}) is not that of the path ({@namespace})");
            }

            metadata["namespace"] = @namespace;
        }

        return metadata;
    }

    private static void RequireSame(ServedKind kind, StoredObject before, JsonObject metadata, JsonObject oldMetadata)
    {
        if (metadata.Text("resourceVersion") is { Length: > 0 } seen && seen != oldMetadata.Text("resourceVersion"))
        {
            throw ApiException.Conflict(
                $"Operation cannot be fulfilled on {kind.GroupResource} \"{before.Name}\": the object has been modified; please apply your changes to the latest version and try again");
        }

        if (metadata.Text("uid") is { Length: > 0 } uid && uid != oldMetadata.Text("uid"))
        {
            throw ApiException.Conflict($"{kind.GroupResource} \"{before.Name}\" is another object now: its UID is {oldMetadata.Text("uid")}");
        }

        metadata["name"] = before.Name;
    }

    private static void Validate(ServedKind kind, JsonObject value, FieldValidation validation)
    {
        if (kind.Schema is not { } schema)
        {
            return;
        }

        SchemaFindings findings = StructuralSchema.Check(schema, value);
        validation.Take(kind, findings.Unknown);
        if (findings.Causes.Count > 0)
        {
            throw ApiException.Invalid($"{kind.Kind}.{kind.Group} \"{value.Metadata().Text("name")}\"", findings.Causes);
        }
    }

    /// <summary>What a real server fills in and clients wait for.</summary>
    private static void Complete(ServedKind kind, JsonObject value)
    {
        if (kind == BuiltInKinds.Namespaces)
        {
            value.Section("status")["phase"] ??= "Active";
            value.Metadata().Section("labels")["kubernetes.io/metadata.name"] = value.Metadata().Text("name");
        }
        else if (kind == BuiltInKinds.Definitions)
        {
            CustomKind.Accept(value);
        }
    }

    private static void RequireName(ServedKind kind, string name)
    {
        if (name.Length is 0 or > MaxNameLength || !NamePattern().IsMatch(name))
        {
            throw ApiException.Invalid(
                $"{kind.Kind} \"{name}\"", [("metadata.name", "a name has lower-case letters, digits, '-' and '.', begins and ends with a letter or digit, and is at most 253 long")]);
        }
    }

    private static JsonObject Spec(JsonObject value)
    {
        JsonObject spec = (JsonObject)value.DeepClone();
        spec.Remove("metadata");
        spec.Remove("status");
        return spec;
    }

    private static void Restore(JsonObject place, string name, JsonNode? value)
    {
        place.Remove(name);
        if (value is not null)
        {
            place[name] = value;
        }
    }

    private static string Time(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$")]
    private static partial Regex NamePattern();
}
