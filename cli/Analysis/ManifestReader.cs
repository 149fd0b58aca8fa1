using System.Text.Json;
using Ambient.Cli.Dumps;
using Ambient.Kube.Resources;
using Ambient.Kube.Yaml;

namespace Ambient.Cli.Analysis;

/// <summary>Takes the objects of the mesh out of the text of manifests.</summary>
internal sealed class ManifestReader
{
    private readonly List<ManifestObject> _objects = [];
    private readonly List<Remark> _remarks = [];

    public IReadOnlyList<ManifestObject> Objects => _objects;

    /// <summary>Objects that the API server would refuse.</summary>
    public IReadOnlyList<Remark> Remarks => _remarks;

    /// <summary>Objects of kinds that the mesh does not look at.</summary>
    public int Others { get; private set; }

    /// <exception cref="CommandException">It is not YAML or JSON.</exception>
    public void Read(string path, string text)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlDocuments.Read(text);
        }
        catch (YamlFormatException failure)
        {
            throw new CommandException($"{path} is not YAML: {failure.Message}", "Correct it there; nothing of the file was looked at.");
        }

        foreach (YamlDocument document in documents)
        {
            using JsonDocument json = JsonDocument.Parse(document.Json);
            ReadObject(json.RootElement, $"{path}:{document.Line}");
        }
    }

    private void ReadObject(JsonElement element, string place)
    {
        string apiVersion = element.Text("apiVersion");
        string kind = element.Text("kind");
        if (apiVersion.Length == 0 || kind.Length == 0)
        {
            Refuse("InvalidManifest", "", place, "it has no apiVersion and kind, so it is no Kubernetes object; add them or remove it");
        }
        else if (apiVersion == "v1" && kind == "List")
        {
            foreach (JsonElement item in element.Items("items"))
            {
                ReadObject(item, place);
            }
        }
        else if (KindReader.Find(apiVersion, kind) is { } reader)
        {
            ReadKnown(reader, element, kind, place);
        }
        else
        {
            Others++;
        }
    }

    private void ReadKnown(KindReader reader, JsonElement element, string kind, string place)
    {
        string name = element.Child("metadata").Text("name");
        if (name.Length == 0)
        {
            Refuse("InvalidManifest", kind, place, "it has no metadata.name; give it one");
            return;
        }

        try
        {
            IKubernetesObject value = reader.Read(element);
            _objects.Add(new ManifestObject(value, place));
        }
        catch (JsonException failure)
        {
            Refuse("InvalidManifest", $"{kind} {name}", place, $"{failure.Path ?? "$"} is not of the type that it should be; correct it");
        }
    }

    private void Refuse(string code, string subject, string place, string message) => _remarks.Add(new Remark(true, code, subject, place, message));
}
