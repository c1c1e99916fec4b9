"""The desktop portal: what a Wayland desktop lets a program do once the user has agreed."""
