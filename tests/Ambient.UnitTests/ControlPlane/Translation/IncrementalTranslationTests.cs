using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Services;
using Ambient.Kube.Resources;
using Ambient.Mesh.Addresses;

namespace Ambient.UnitTests.ControlPlane.Translation;

public sealed class IncrementalTranslationTests
{
    private const int Histories = 1_000;
    private const int Batches = 30;

    [Fact]
    public void After_any_history_the_mesh_is_that_of_the_objects_that_are_left()
    {
        int resources = 0;
        for (int seed = 1; seed <= Histories; seed++)
        {
            resources += Run(seed);
        }

        // A world that is empty at the end would prove nothing.
        Assert.True(resources > Histories * 10, $"only {resources} resources were left");
    }

    private static int Run(int seed)
    {
        Random random = new(seed);
        RandomObjects objects = new(random);
        TranslationOptions options = Options(random);
        MeshTranslator translator = new(options);
        MeshCopy copy = new();
        Dictionary<ObjectKey, IKubernetesObject> world = [];
        TranslationResult? last = null;
        for (int count = 0; count < Batches; count++)
        {
            List<ObjectChange> batch = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => objects.Change())];
            foreach (ObjectChange change in batch)
            {
                world.Remove(change.Key);
                if (change.Object is not null)
                {
                    world.Add(change.Key, change.Object);
                }
            }

            last = translator.Apply(batch);
            copy.Follow(last, batch);
        }

        List<ObjectChange> everything = [.. world.Values.OrderBy(_ => random.Next()).Select(ObjectChange.Upsert)];
        MeshTranslator fresh = new(options);
        MeshCopy expected = new();
        TranslationResult whole = fresh.Apply(everything);
        expected.Follow(whole, everything);
        AssertSame(seed, expected.Resources, copy.Resources);
        AssertSame(seed, expected.Conditions, copy.Conditions);
        Assert.Equal(fresh.Findings.Order(Comparer<object>.Create(ByText)), translator.Findings.Order(Comparer<object>.Create(ByText)));
        Assert.Equal(whole.Allocations.Select(Describe), last!.Allocations.Select(Describe));
        return copy.Resources.Count;
    }

    private static int ByText(object left, object right) => string.CompareOrdinal(left.ToString(), right.ToString());

    private static string Describe(AddressAllocation allocation) =>
        $"{allocation.Entry} {string.Join(',', allocation.Addresses.Select(address => $"{address.Host}={address.Value}"))}";

    private static void AssertSame(int seed, SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        IEnumerable<string> differences = expected.Keys.Union(actual.Keys)
            .Where(name => expected.GetValueOrDefault(name) != actual.GetValueOrDefault(name))
            .Select(name => $"{name}: from scratch {expected.GetValueOrDefault(name)}, by changes {actual.GetValueOrDefault(name)}");
        string text = string.Join('\n', differences);
        Assert.True(text.Length == 0, $"seed {seed}:\n{text}");
    }

    private static TranslationOptions Options(Random random)
    {
        Assert.True(IpPrefix.TryParse("240.240.0.0/29", out IpPrefix pool));
        return new TranslationOptions
        {
            AllowWaypointImplicitly = random.Next(3) == 0,
            ServiceEntriesSelectPods = random.Next(4) != 0,
            DryRunPolicies = random.Next(2) == 0,
            IPv4Pool = pool,
            ServiceEntryVisibility = random.Next(2) == 0
                ? []
                : [Visibility("x", EntryVisibility.Namespace), Visibility("y", EntryVisibility.None)],
        };
    }

    private static VisibilityPolicy Visibility(string app, EntryVisibility visibility) =>
        new(new LabelSelector { MatchLabels = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("app", app) }, visibility);
}
