using System.Text.Json.Nodes;
using Ambient.ApiServer.Manifests;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Schemas;

/// <summary>The definitions of the mesh's own kinds: the files of <c>deploy/crds</c>, which are installed in a real cluster.</summary>
internal static class MeshDefinitions
{
    private const string Prefix = "crds/";

    public static IEnumerable<JsonObject> Read()
    {
        System.Reflection.Assembly assembly = typeof(MeshDefinitions).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using StreamReader text = new(assembly.GetManifestResourceStream(name)!);
            yield return (JsonObject)YamlJson.Read(text.ReadToEnd()).Single().Value;
        }
    }

    public static void Install(ObjectStorage storage, KindCatalogue kinds, DateTimeOffset now)
    {
        foreach (JsonObject definition in Read())
        {
            ServedKind kind = BuiltInKinds.Definitions;
            JsonObject made = ObjectRules.Create(kind, definition, string.Empty, FieldValidation.None, now);
            storage.Change(kind, string.Empty, made.Metadata().Text("name"), _ => made);
            kinds.Define(made);
        }
    }
}
