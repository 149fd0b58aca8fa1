using Ambient.Transport.Namespaces;
using Ambient.Zds.Messages;
using Ambient.Ztunnel.Pods;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using PodInfo = Ambient.Ztunnel.Configuration.WorkloadInfo;

namespace Ambient.Ztunnel.Zds;

/// <summary>What the requests of one connection do to the pods: the table of node-proxy 6.4.</summary>
internal sealed class ZdsSession(PodProxySet pods, ILogger logger)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private bool _hasSnapshot;

    /// <param name="request">Readable by itself; checked here against what came before.</param>
    /// <param name="descriptor">The namespace of an added pod; taken over.</param>
    /// <returns>The error to answer with; empty for success.</returns>
    /// <exception cref="ZdsProtocolException">It must not come at all, or not now.</exception>
    public async Task<string> HandleAsync(WorkloadRequest request, SafeFileHandle? descriptor)
    {
        string? error = request.PayloadCase switch
        {
            WorkloadRequest.PayloadOneofCase.Add => await AddAsync(request.Add, descriptor!),
            WorkloadRequest.PayloadOneofCase.Keep => Keep(request.Keep.Uid),
            WorkloadRequest.PayloadOneofCase.Del => await DeleteAsync(request.Del.Uid),
            _ => await EndSnapshotAsync(),
        };
        if (error is not null)
        {
            return error;
        }

        await pods.UpdateReadinessAsync();
        return string.Empty;
    }

    private async Task<string?> AddAsync(AddWorkload add, SafeFileHandle descriptor)
    {
        using (descriptor)
        {
            if (add.WorkloadInfo is not { } info)
            {
                throw new ZdsProtocolException($"add of {add.Uid} without workload_info");
            }

            // Told, even when it fails: the agent knows the pod, and a proxy that it already has must outlive the snapshot.
            if (!_hasSnapshot && (_told.Count < Configuration.PodList.MaxPods || _told.Contains(add.Uid)))
            {
                _told.Add(add.Uid);
            }

            if (FindFault(info) is { } fault)
            {
                return $"failure to start proxy : {fault}";
            }

            try
            {
                return await pods.AddAsync(add.Uid, new PodInfo(info.Name, info.Namespace, info.ServiceAccount), PodSandbox.Holding(Adopt(descriptor, add.Uid)));
            }
            catch (IOException error)
            {
                return $"failure to start proxy : {error.Message}";
            }
        }
    }

    private static NetworkNamespace Adopt(SafeFileHandle descriptor, string uid)
    {
        int number = (int)descriptor.DangerousGetHandle();
        descriptor.SetHandleAsInvalid();
        return NetworkNamespace.FromDescriptor(number, $"of pod {uid}");
    }

    /// <summary>The parts become a certificate's identity, whose segments are divided by slashes.</summary>
    private static string? FindFault(WorkloadInfo info) =>
        new[] { info.Name, info.Namespace, info.ServiceAccount }.Any(part => part.Length == 0 || part.Contains('/', StringComparison.Ordinal))
            ? "workload_info needs name, namespace and service_account, without slashes"
            : null;

    private string? Keep(string uid)
    {
        if (_hasSnapshot)
        {
            throw new ZdsProtocolException($"keep of {uid} after the snapshot");
        }

        // What is not running needs no keeping, which bounds what is remembered.
        if (pods.IsRunning(uid))
        {
            _told.Add(uid);
        }

        return null;
    }

    private async Task<string?> DeleteAsync(string uid)
    {
        if (_hasSnapshot)
        {
            await pods.RemoveAsync(uid);
            return null;
        }

        // A proxy that runs is left to the end of the snapshot: the pod may be told once more until then.
        _told.Remove(uid);
        await pods.RemovePendingAsync(uid);
        return null;
    }

    private async Task<string?> EndSnapshotAsync()
    {
        if (_hasSnapshot)
        {
            throw new ZdsProtocolException("a second snapshot_sent");
        }

        _hasSnapshot = true;
        await pods.EndListAsync(_told);
        ZdsLog.Snapshot(logger, _told.Count);
        _told.Clear();
        return null;
    }
}
