using Ambient.Redirection.Commands;

namespace Ambient.Redirection;

/// <summary>Why redirection could not be put in place or removed.</summary>
/// <param name="Step">What was being done.</param>
/// <param name="Reason">What the program said, word for word where there was one.</param>
/// <param name="NextStep">What the operator can do about it.</param>
public sealed record RedirectionFailure(string Step, string Reason, string NextStep)
{
    public override string ToString() => $"{Step}: {Reason}. {NextStep}";

    internal static RedirectionFailure From(string step, ProgramCommand command, ProgramResult result)
    {
        string said = result.StandardError.Trim().ReplaceLineEndings(" ");
        string reason = said.Length > 0 ? said : $"'{command}' ended with {result.ExitCode}";
        return new RedirectionFailure(step, reason, NextStepFor(command, result));
    }

    private static string NextStepFor(ProgramCommand command, ProgramResult result) => result.Outcome switch
    {
        ProgramOutcome.NotFound => $"Install the program: apt-get install {PackageOf(command.Program)} util-linux",
        ProgramOutcome.TimedOut => "The machine is overloaded or the kernel holds the tables' lock; try again",
        _ when command.NetworkNamespace is { } path && !File.Exists(path) => $"There is no namespace {path}: the pod is gone",
        _ when !Environment.IsPrivilegedProcess => "Run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN",
        _ when command.Program == "nft" =>
            "The kernel needs nf_tables with nat, redirect and conntrack in family inet: try 'modprobe -a nft_nat nft_redir nft_ct'",
        _ => $"Repeat it by hand to see more: {command}",
    };

    private static string PackageOf(string program) => program == "nft" ? "nftables" : "iproute2";
}
