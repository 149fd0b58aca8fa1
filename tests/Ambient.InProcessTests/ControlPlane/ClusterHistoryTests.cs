using Ambient.ControlPlane;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Security;
using Ambient.Mesh.State;
using Ambient.Xds;

namespace Ambient.InProcessTests.ControlPlane;

public sealed class ClusterHistoryTests
{
    private const int Steps = 400;
    private const int Names = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_any_history_with_broken_watches_a_node_knows_what_the_objects_that_are_left_say(int seed)
    {
        await using ReliabilityRig rig = await ReliabilityRig.StartAsync();
        ControlPlaneApp app = await rig.ServeAsync(TimeProvider.System);
        (XdsClient client, MeshStore store) = rig.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);
        Random random = new(seed);
        for (int step = 0; step < Steps; step++)
        {
            await ChangeAsync(rig.Client, random);
            switch (random.Next(60))
            {
                case 0:
                    rig.Api.Faults.CutWatches();
                    break;
                case 1:
                    rig.Api.Faults.ExpireWatches();
                    break;
            }
        }

        string expected = await FromScratchAsync(rig.Client);
        await DiscoveryRig.UntilAsync(store, mesh => ReliabilityRig.Describe(mesh) == expected);

        // A world that is empty at the end would prove nothing.
        Assert.True(store.Current.WorkloadCount > 2 && store.Current.ServiceCount > 0 && store.Current.PolicyCount > 0, expected);
    }

    private static async Task ChangeAsync(KubernetesClient client, Random random)
    {
        int number = random.Next(Names);
        switch (random.Next(3))
        {
            case 0:
                await PutAsync(client, random, KubernetesResources.Pods, ReliabilityRig.Pod(
                    $"pod-{number}", $"10.0.0.{random.Next(1, 6)}", $"app-{random.Next(4)}", ready: random.Next(2) == 0));
                break;
            case 1:
                await PutAsync(client, random, KubernetesResources.Services, ReliabilityRig.Service(
                    $"app-{number % 4}", $"10.96.0.{random.Next(1, 4)}", 8000 + random.Next(2)));
                break;
            default:
                await PutAsync(client, random, KubernetesResources.AuthorizationPolicies, new AuthorizationPolicy
                {
                    Metadata = new ObjectMeta { Namespace = random.Next(2) == 0 ? "istio-system" : ReliabilityRig.Home, Name = $"policy-{number % 3}" },
                    Spec = new AuthorizationPolicySpec { Action = random.Next(2) == 0 ? "ALLOW" : "DENY" },
                });
                break;
        }
    }

    /// <summary>Deletes the object of that name, or makes it so: sometimes as a new one under the old name.</summary>
    private static async Task PutAsync<T>(KubernetesClient client, Random random, ResourceType<T> type, T value)
        where T : class, IKubernetesObject
    {
        ObjectName name = new(value.Metadata.Namespace, value.Metadata.Name);
        bool exists = await client.FindAsync(type, name, CancellationToken.None) is not null;
        if (exists && random.Next(3) == 0)
        {
            await client.DeleteAsync(type, name, CancellationToken.None);
            exists = false;
            if (random.Next(2) == 0)
            {
                return;
            }
        }

        await (exists
            ? client.ApplyAsync(type, value, new WriteOptions { FieldManager = "test", Force = true }, CancellationToken.None)
            : client.CreateAsync(type, value, CancellationToken.None));
    }

    /// <summary>What a new node is told by a new translation of what the API server has now.</summary>
    private static async Task<string> FromScratchAsync(KubernetesClient client)
    {
        List<ObjectChange> objects = [];
        await AddAsync(KubernetesResources.Namespaces);
        await AddAsync(KubernetesResources.Services);
        await AddAsync(KubernetesResources.Pods);
        await AddAsync(KubernetesResources.AuthorizationPolicies);
        ResourceCache cache = new();
        cache.Publish(new MeshTranslator(new TranslationOptions()).Apply(objects).Mesh);
        await using DiscoveryRig fresh = await DiscoveryRig.StartAsync(cache);
        (XdsClient node, MeshStore store) = fresh.Connect();
        await node.Ready.WaitAsync(Patience);
        return ReliabilityRig.Describe(store.Current);

        Task AddAsync<T>(ResourceType<T> type)
            where T : class, IKubernetesObject => client.ListAsync(type, new ListOptions(), value => objects.Add(ObjectChange.Upsert(value)), CancellationToken.None);
    }
}
