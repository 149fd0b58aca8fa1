using Ambient.Cli;

return await AmbientctlApp.RunAsync(args, Console.Out, Console.Error);
