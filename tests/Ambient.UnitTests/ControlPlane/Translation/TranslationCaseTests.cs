using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources;
using Ambient.Kube.Yaml;
using Ambient.Mesh.Services;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;

namespace Ambient.UnitTests.ControlPlane.Translation;

/// <summary>
/// Every folder of tests/testdata/translation: the objects in it (and options.yaml, where there is one) against expected.yaml. After a
/// wanted change of behaviour run the tests with AMBIENT_WRITE_EXPECTED=1, which writes the files anew, and read their diff.
/// </summary>
public sealed class TranslationCaseTests
{
    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(TranslationCase.Root).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Objects_are_translated_as_the_case_says(string name)
    {
        TranslationCase test = new(Path.Combine(TranslationCase.Root, name));
        TranslationResult result = new MeshTranslator(test.Options).Apply([.. test.Objects.Select(ObjectChange.Upsert)]);
        string actual = TranslationText.Write(result.Mesh.Changed, result.Statuses, result.Events, result.Allocations);
        if (Environment.GetEnvironmentVariable("AMBIENT_WRITE_EXPECTED") == "1")
        {
            File.WriteAllText(test.ExpectedFile, actual);
        }

        Assert.True(File.Exists(test.ExpectedFile), $"{test.ExpectedFile} is missing; run with AMBIENT_WRITE_EXPECTED=1 and read what it wrote");
        string expected = File.ReadAllText(test.ExpectedFile);
        Assert.True(expected == actual, $"case {name} (- expected, + actual):\n{Differences(expected, actual)}");
        Assert.NotEmpty(YamlDocuments.ToJson(expected));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Objects_that_come_one_by_one_in_any_order_end_in_the_same(string name)
    {
        TranslationCase test = new(Path.Combine(TranslationCase.Root, name));
        IReadOnlyList<IKubernetesObject> objects = test.Objects;
        string expected = EndOf(test, [objects]);
        for (int seed = 1; seed <= 5; seed++)
        {
            Random random = new(seed);
            string actual = EndOf(test, objects.OrderBy(_ => random.Next()).Select(value => (IReadOnlyList<IKubernetesObject>)[value]));
            Assert.True(expected == actual, $"case {name}, order {seed} (- at once, + one by one):\n{Differences(expected, actual)}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_node_proxy_accepts_every_resource(string name)
    {
        TranslationCase test = new(Path.Combine(TranslationCase.Root, name));
        Interning interning = new();
        GatewayDecoder gateways = new(interning);
        foreach (MeshResource resource in new MeshTranslator(test.Options).Apply([.. test.Objects.Select(ObjectChange.Upsert)]).Mesh.Changed)
        {
            string decoded = resource.Message switch
            {
                WorkloadMessage workload => new WorkloadDecoder(interning, gateways).Decode(workload).Uid,
                ServiceMessage service => Keyed(new ServiceDecoder(interning, gateways).Decode(service)),
                Authorization policy => new PolicyDecoder().Decode(policy).Key,
                _ => "",
            };
            Assert.Equal(resource.Key.Name, decoded);
        }

        static string Keyed(Service service) => $"{service.Namespace}/{service.Hostname}";
    }

    private static string EndOf(TranslationCase test, IEnumerable<IReadOnlyList<IKubernetesObject>> batches)
    {
        Dictionary<ResourceKey, MeshResource> resources = [];
        Dictionary<(ObjectKey, string), StatusChange> statuses = [];
        MeshTranslator translator = new(test.Options);
        TranslationResult? result = null;
        foreach (IReadOnlyList<IKubernetesObject> batch in batches)
        {
            result = translator.Apply([.. batch.Select(ObjectChange.Upsert)]);
            Follow(result, resources, statuses);
        }

        IEnumerable<ObjectEvent> events = translator.Findings.Where(finding => finding.Condition is null)
            .Select(finding => new ObjectEvent(finding.Object, finding.Code, finding.Message));
        return TranslationText.Write(resources.Values, statuses.Values, events, result?.Allocations ?? []);
    }

    private static void Follow(
        TranslationResult result, Dictionary<ResourceKey, MeshResource> resources, Dictionary<(ObjectKey, string), StatusChange> statuses)
    {
        foreach (MeshResource changed in result.Mesh.Changed)
        {
            resources[changed.Key] = changed;
        }

        foreach (ResourceKey removed in result.Mesh.Removed)
        {
            Assert.True(resources.Remove(removed));
        }

        foreach (StatusChange status in result.Statuses)
        {
            statuses[(status.Object, status.Type)] = status;
        }

        foreach ((ObjectKey, string) gone in statuses.Where(status => status.Value.Condition is null).Select(status => status.Key).ToList())
        {
            statuses.Remove(gone);
        }
    }

    private static string Differences(string expected, string actual)
    {
        List<string> before = [.. expected.Split('\n')];
        List<string> after = [.. actual.Split('\n')];
        int same = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        int sameAtEnd = before.Skip(same).Reverse().Zip(after.Skip(same).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        IEnumerable<string> lines = before.Take(same).TakeLast(3).Select(line => $"  {line}")
            .Concat(before.Skip(same).SkipLast(sameAtEnd).Select(line => $"- {line}"))
            .Concat(after.Skip(same).SkipLast(sameAtEnd).Select(line => $"+ {line}"));
        return string.Join('\n', lines);
    }
}
