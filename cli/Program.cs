using Ambient.Cli;

return await AmbientctlApp.RunAsync(args, new CommandConsole(Console.In, Console.Out, Console.Error), TimeProvider.System);
