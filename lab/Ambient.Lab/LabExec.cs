using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ambient.Lab.Cgroups;
using Ambient.Lab.Interop;
using Ambient.Lab.Plans;
using Ambient.Lab.Programs;
using Ambient.Lab.State;
using Ambient.Redirection.Commands;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab;

/// <summary>Runs a command inside a pod, on the caller's terminal.</summary>
public static class LabExec
{
    /// <summary>Exit code of the command.</summary>
    /// <exception cref="LabException">There is no such lab or pod, or the command could not be started.</exception>
    public static async Task<int> RunAsync(LabDirectory directory, string podName, IReadOnlyList<string> commandLine)
    {
        LabState state = new LabStore(directory).Load()
            ?? throw new LabException($"There is no lab {directory.Name}.", $"Bring it up: ambientctl lab up --name {directory.Name}");
        bool isControlPlane = podName == ControlPlanePlan.Name && state.HasControlPlane;
        PodRecord? pod = isControlPlane ? null : state.FindPod(podName)
            ?? throw new LabException($"There is no pod {podName} in lab {directory.Name}.", $"It has {string.Join(", ", state.Pods.Select(pod => pod.Name))}.");
        if (Privileges.FindMissing() is { } missing)
        {
            throw new LabException($"Entering a pod needs privileges: {missing}.", "Run it as root.");
        }

        if (pod?.Cgroup is { } cgroup)
        {
            // What we start from here on is in the pod's group.
            CgroupTree.Join(cgroup, Environment.ProcessId);
        }

        return await RunAsync(pod is null ? ForControlPlane(directory) : In(pod.NetworkNamespace), commandLine);
    }

    private static ProcessStartInfo In(string networkNamespace)
    {
        var start = new ProcessStartInfo("nsenter", [$"--net={NamespaceFiles.PathOf(networkNamespace)}", "--"]);
        start.Environment["PATH"] = SystemPath.Value;
        return start;
    }

    /// <summary>There kubectl means the API server of the lab and no other, and ambientctl is found.</summary>
    private static ProcessStartInfo ForControlPlane(LabDirectory directory)
    {
        ProcessStartInfo start = In($"{LabPlan.PrefixOf(directory.Name)}{ControlPlanePlan.Name}");
        start.Environment["PATH"] = $"{Path.GetDirectoryName(OwnProgram.Path)}:{SystemPath.Value}";
        start.Environment["KUBECONFIG"] = directory.Kubeconfig;
        return start;
    }

    private static async Task<int> RunAsync(ProcessStartInfo start, IReadOnlyList<string> commandLine)
    {
        foreach (string word in commandLine)
        {
            start.ArgumentList.Add(word);
        }

        try
        {
            // The terminal sends these to the command as well, and the command decides what they mean.
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
            using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);
            using Process process = Process.Start(start)!;
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Pass(context, process));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception failure)
        {
            throw new LabException($"nsenter could not be started: {failure.Message}", "Install it: apt-get install util-linux");
        }
    }

    private static void Pass(PosixSignalContext context, Process process)
    {
        context.Cancel = true;
        using SafeFileHandle? handle = ProcessSignals.Open(process.Id);
        if (handle is not null)
        {
            ProcessSignals.Send(handle, ProcessSignals.Terminate);
        }
    }
}
